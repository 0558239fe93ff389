using System.Reflection;
using Bijectors.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.RandomFlows;

/// <summary>What a random flow is written as is what it is.</summary>
public sealed class ExpressionTests
{
    [Fact]
    public void The_expression_compiles_and_makes_the_same_bijector()
    {
        var flows = Enumerable.Range(0, 300).Select(seed => RandomFlow.Draw(seed)).ToList();
        var written = Compiled(flows);
        for (var i = 0; i < flows.Count; i++)
        {
            using var scope = NewDisposeScope();
            using var built = flows[i].Build(i);
            using var compiled = (Bijector)written.GetMethod($"Flow{i}")!.Invoke(null, [new Generator((ulong)i)])!;
            Assert.Equal(built.ToString(), compiled.ToString());
            Assert.Equal(State(built), State(compiled));
        }

        static IEnumerable<(string, double)> State(Bijector f) =>
            f.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SelectMany(entry => entry.Value.to(ScalarType.Float64).flatten().data<double>().ToArray()
                    .Select(number => (entry.Key, number)));
    }

    private static Type Compiled(IReadOnlyList<RandomFlow> flows)
    {
        var methods = flows.Select(
            (flow, i) => $"    public static Bijector Flow{i}(torch.Generator g) => {flow.ToExpression()};");
        var source = "using Bijectors;\nusing TorchSharp;\n\npublic static class "
            + $"Written\n{{\n{string.Join('\n', methods)}\n}}\n";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Written", [CSharpSyntaxTree.ParseText(source)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success,
            string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(3)));
        return Assembly.Load(stream.ToArray()).GetType("Written")!;
    }
}
