using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Xunit.Abstractions;

namespace Bijectors.Tests.Kernels;

/// <summary>What <c>.ci/variants</c> asks for by variables of the environment is in force: one that the runtime no longer knows would be overlooked otherwise.</summary>
public sealed class VariantTests(ITestOutputHelper output)
{
    private const string AskedVectors = "BIJECTORS_TEST_VECTORS";
    private const string AskedThreads = "BIJECTORS_TEST_THREADS";

    [Fact]
    public void Vectors_are_those_that_were_asked_for()
    {
        var instructions = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "128 bits" : "none";
        var found = $"{8 * Vector<byte>.Count} bits of {instructions}";
        output.WriteLine($"Vectors: {found}, {torch.get_num_threads()} threads");
        Assert.Equal(Environment.GetEnvironmentVariable(AskedVectors) ?? found, found);
    }

    [Fact]
    public void Threads_are_those_that_were_asked_for() =>
        Assert.Equal(Environment.GetEnvironmentVariable(AskedThreads) ?? "1", $"{torch.get_num_threads()}");
}
