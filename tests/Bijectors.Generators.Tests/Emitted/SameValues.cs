using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>
/// Compiles and runs classes: the emitted forward map gives what the [Forward] method gives, the inverse gives it back.
/// </summary>
internal static class SameValues
{
    public static readonly CSharpParseOptions Latest = new(LanguageVersion.Latest);

    /// <summary>Checks every bijector of a snippet, see <see cref="Compilations.Of"/>.</summary>
    public static void Check(string what, string source) => Check(what, Compilations.Of(source));

    /// <summary>Checks every bijector of a compilation that has a constructor without parameters.</summary>
    public static void Check(string what, CSharpCompilation compilation)
    {
        var (emitted, diagnostics, updated) = Compilations.Build(compilation);
        Assert.True(diagnostics.All(d => d.Id is "BIJ0401" or "BIJ0213"),
            $"{what}: {string.Join('\n', diagnostics)}\n{string.Join('\n', emitted)}");
        using var stream = new MemoryStream();
        Assert.True(updated.Emit(stream).Success, what);
        stream.Position = 0;
        var context = new AssemblyLoadContext(null, isCollectible: true);
        try
        {
            var types = context.LoadFromStream(stream).GetTypes()
                .Where(t => t.GetCustomAttribute<GeneratedBijectorAttribute>() is not null).ToList();
            Assert.NotEmpty(types);
            foreach (var type in types)
            {
                Check($"{what}: {type}", type.IsGenericType
                    ? type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(int))])
                    : type, string.Join('\n', emitted));
            }
        }
        finally
        {
            context.Unload();
        }
    }

    private static void Check(string what, Type type, string emitted)
    {
        const BindingFlags All =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        using var scope = NewDisposeScope();
        var bijector = (Bijector)Activator.CreateInstance(type, nonPublic: true)!;
        var method = Assert.Single(type.GetMethods(All), m => m.GetCustomAttribute<ForwardAttribute>() is not null);
        var x = tensor(new[,] { { 0.3, 0.7, 0.45, 0.55 }, { 0.62, 0.31, 0.5, 0.4 } }, float64);
        var expected = (Tensor)method.Invoke(bijector, method.GetParameters().Length > 1 ? [x, null] : [x])!;
        var (y, logDet) = bijector.ForwardWithLogDet(x);
        var (back, inverseLogDet) = bijector.InverseWithLogDet(y);
        foreach (var (name, one, other) in new[]
        {
            ("Forward", bijector.Forward(x), expected), ("ForwardWithLogDet", y, expected),
            ("Inverse", bijector.Inverse(y), x), ("InverseWithLogDet", back, x), ("log-det", logDet, -inverseLogDet),
        })
        {
            Assert.True(one.allclose(other, rtol: 1e-9, atol: 1e-9),
                $"{what}: {name} gives\n{one.str()}\nnot\n{other.str()}\n{emitted}");
        }
    }
}
