using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Xunit.Abstractions;

namespace Bijectors.Tests.Kernels;

/// <summary>
/// What <c>.ci/variants</c> asks of the runtime is in force: a setting that it no longer knows, it ignores.
/// </summary>
public sealed class VariantTests(ITestOutputHelper output)
{
    [VariantFact("BIJECTORS_TEST_VECTORS")]
    public void Vectors_are_those_that_were_asked_for()
    {
        var instructions = Avx512F.IsSupported
            ? "AVX-512"
            : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "SSE" : "none";
        var found = $"{8 * Vector<byte>.Count} bits, {instructions}";
        output.WriteLine($"In force: {found}");
        Assert.Equal(Environment.GetEnvironmentVariable("BIJECTORS_TEST_VECTORS"), found);
    }

    [VariantFact("ATEN_CPU_CAPABILITY")]
    public void The_code_of_torch_is_that_which_was_asked_for()
    {
        var found = Capability();
        output.WriteLine($"In force: {found} code of torch");
        Assert.Equal(Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY"), found, ignoreCase: true);
    }

    [VariantFact("BIJECTORS_TEST_THREADS")]
    public void Threads_are_as_many_as_were_asked_for()
    {
        output.WriteLine($"In force: {torch.get_num_threads()} threads");
        Assert.Equal(Environment.GetEnvironmentVariable("BIJECTORS_TEST_THREADS"), $"{torch.get_num_threads()}");
    }

    /// <summary>What torch says of itself; TorchSharp does not ask.</summary>
    private static unsafe string Capability()
    {
        // A std::string comes back where the first argument points: its characters, then their number.
        var name =
            NativeLibrary.GetExport(NativeLibrary.Load("libtorch_cpu.so"), "_ZN2at18get_cpu_capabilityB5cxx11Ev");
        var text = stackalloc nint[4];
        ((delegate* unmanaged<void*, void>)name)(text);
        return new string((sbyte*)text[0], 0, (int)text[1]);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class VariantFactAttribute : FactAttribute
    {
        public VariantFactAttribute(string variable) =>
            Skip = Environment.GetEnvironmentVariable(variable) is null
                ? $"{variable} is not set; .ci/variants sets it" : null;
    }
}
