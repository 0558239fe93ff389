using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>
/// What libraries have suffered from that keep something between calls, or do not keep what they should.
/// </summary>
public sealed class StatePitfalls : PitfallTest
{
    private static Flow Everything(int seed = 0) => Flow.On(Shape.Image(2, 4, 4), seed)
        .ActNorm().Conv1x1().GlowCoupling(4).Permute().Roll(1, 1).Squeeze()
        .FactorOut(
            rest => rest.Flatten().PermuteElements().MaskedAutoregressive(16)
                .Coupling(Transformer.RationalQuadratic(), 6).Linear().Residual(6, 1),
            hidden: 4)
        .Into(Distribution.StandardNormal);

    /// <summary>
    /// A cached forward kept a graph that the second backward found freed (tfp#647, flowtorch PR#100).
    /// </summary>
    [Fact]
    public void TwoCallsAreTwoGraphs()
    {
        var flow = Moved(Everything(), 0.05);
        var x = Normal(3, 2, 4, 4).requires_grad_();
        flow.LogProb(x).sum().backward();
        var first = x.grad!.clone();
        x.grad = null;
        flow.LogProb(x).sum().backward();
        AssertClose(first, x.grad!, 0);

        // The way back and the way there share nothing either.
        x.grad = null;
        flow.LogProb(flow.Decode(flow.Encode(x).Z)).sum().backward();
        flow.LogProb(x).sum().backward();
        Assert.True(AllFinite(x.grad!));
    }

    /// <summary>
    /// After an optimiser's step a cache gave the results, or no gradients, of the parameters before it (tfp#1190).
    /// </summary>
    [Fact]
    public void ChangedParametersAreSeenAtOnce()
    {
        var (flow, same) = (Moved(Everything(), 0.05), Everything());
        same.to(ScalarType.Float64);
        var x = Normal(3, 2, 4, 4);
        var z = flow.Encode(x).Z;
        flow.Decode(z);
        Moved(flow, 0.02);
        same.load_state_dict(flow.state_dict());
        AssertClose(same.LogProb(x), flow.LogProb(x), 0);
        AssertClose(same.Decode(z), flow.Decode(z), 0);

        flow.LogProb(x).sum().backward();
        Assert.All(flow.named_parameters(), p => Assert.True(p.parameter.grad is not null, p.name));
    }

    /// <summary>Caches keep what was passed in alive (tfp#647).</summary>
    [Fact]
    public void MemoryIsConstant()
    {
        var flow = Moved(Everything(), 0.05);
        var x = Normal(3, 2, 4, 4);
        Loop(2);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        Loop(30);
        Assert.Equal(before, Tensor.TotalCount);

        void Loop(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var pass = NewDisposeScope();
                flow.LogProb(x).sum().backward();
                flow.Sample(3, generator: Generator);
                flow.zero_grad();
            }
        }
    }

    /// <summary>A model whose random permutations are not saved loads as garbage (pytorch-flows PR#17).</summary>
    [Fact]
    public void PermutationsAreInTheStateDict()
    {
        var (saved, loaded) = (Everything(1), Everything(2));
        var x = Normal(3, 2, 4, 4).to(ScalarType.Float32);
        Assert.False(saved.LogProb(x).allclose(loaded.LogProb(x)));
        loaded.load_state_dict(saved.state_dict());
        Assert.True(saved.LogProb(x).Equals(loaded.LogProb(x)));

        foreach (var f in (Func<Generator, Bijector>[])[g => Permute.Random(7, g),
            g => ElementPermutation.Random(Shape.Vector(7), g), g => new PluLinear(7, g)])
        {
            using var other = new Generator(9);
            var (a, b) = (f(Generator), f(other));
            var point = Normal(7).to(ScalarType.Float32);
            Assert.False(a.Forward(point).Equals(b.Forward(point)));
            b.load_state_dict(a.state_dict());
            Assert.True(a.Forward(point).Equals(b.Forward(point)));
            Assert.True(a.Inverse(point).Equals(b.Inverse(point)));
        }
    }

    /// <summary>
    /// A base distribution that does not follow the flow to another dtype or device, or is not saved
    /// (pytorch#31009, sbi PR#1932).
    /// </summary>
    [Fact]
    public void TheBaseFollowsTheFlow()
    {
        var flow = Everything();
        Assert.Contains(flow.state_dict().Keys, key => key.StartsWith("base.", StringComparison.Ordinal));
        flow.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, flow.Base.Dtype);
        Assert.Equal(ScalarType.Float64, flow.Sample(2, generator: Generator).dtype);
        Assert.Equal(ScalarType.Float64, flow.LogProb(Normal(2, 2, 4, 4)).dtype);
        flow.to(ScalarType.Float32);
        Assert.Equal(ScalarType.Float32, flow.Sample(2, generator: Generator).dtype);
    }
}
