using System.Reflection;
using Bijectors.Testing;
using TorchSharp;

namespace Bijectors.Tests.Collector;

/// <summary>What build/TorchSharpKeepAlive.targets makes of TorchSharp.</summary>
public sealed class BindingTests
{
    private const byte Call = 0x28;
    private const int MethodDef = 0x06;
    private const MethodImplAttributes Kept = MethodImplAttributes.NoOptimization | MethodImplAttributes.NoInlining;
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Every_method_that_calls_torch_holds_its_arguments_until_torch_returns()
    {
        var callers = Methods().Where(CallsNative).ToList();
        Assert.True(callers.Count > 1000, $"{callers.Count} methods found");
        Assert.Empty(
            callers.Where(method => !IsKept(method)).Select(method => $"{method.DeclaringType}.{method.Name}"));
        Assert.True(TorchCheck.KeepsArgumentsAlive);
    }

    [Fact]
    public void So_does_what_reads_memory_of_torch_itself()
    {
        string[] types = ["TensorAccessor`1", "SimpleAtorImpl", "GeneralAtorImpl", "Storage`1"];
        var readers = Methods().Where(method => types.Contains(method.DeclaringType!.Name)).ToList();
        Assert.Equal(types.Order(), readers.Select(method => method.DeclaringType!.Name).Distinct().Order());
        Assert.All(readers, method => Assert.True(IsKept(method), method.Name));
    }

    [Fact]
    public void What_only_passes_arguments_on_is_left_to_the_compiler() =>
        Assert.Contains(Methods(), method => method.GetMethodBody() is not null && !IsKept(method));

    private static bool IsKept(MethodBase method) => method.MethodImplementationFlags.HasFlag(Kept);

    private static IEnumerable<MethodBase> Methods() => typeof(torch).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        .Where(method => method.GetMethodBody() is not null);

    private static bool CallsNative(MethodBase method)
    {
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        return Enumerable.Range(0, Math.Max(0, code.Length - 4))
            .Where(at => code[at] == Call && code[at + 4] == MethodDef)
            .Any(at => IsNative(method.Module, BitConverter.ToInt32(code, at + 1)));
    }

    private static bool IsNative(Module module, int token)
    {
        try
        {
            return module.ResolveMethod(token)!.Attributes.HasFlag(MethodAttributes.PinvokeImpl);
        }
        catch (ArgumentException)
        {
            // Bytes that only look like a call.
            return false;
        }
    }
}
