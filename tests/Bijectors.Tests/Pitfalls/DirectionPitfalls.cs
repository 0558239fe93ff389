using System.Diagnostics.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>What is composed in which order, which way is forward, and which directions there are.</summary>
public sealed class DirectionPitfalls : PitfallTest
{
    private readonly Tensor _x = tensor([0.3, 2, 5]);

    /// <summary>
    /// The order of composition cost people days (distrax#324, nflows#32): here the first is written first.
    /// </summary>
    [Fact]
    public void TheFirstIsWrittenFirst()
    {
        var (f, g) = (new Shift(1), new Scale(3));
        AssertClose((_x + 1) * 3, (f >> g).Forward(_x), 1e-15);
        AssertClose((_x * 3) + 1, (g >> f).Forward(_x), 1e-15);
        AssertClose((f >> g).Forward(_x), Chain.Of(f, g).Forward(_x), 0);
        AssertClose((_x / 3) - 1, (~(f >> g)).Forward(_x), 1e-15);
        AssertClose((~g >> ~f).Forward(_x), (~(f >> g)).Forward(_x), 0);
        var built = Flow.On(Shape.Vector(3)).Then(f).Then(g).ToBijector();
        AssertClose((f >> g).Forward(_x), built.Forward(_x), 0);
    }

    /// <summary>
    /// Which way is forward (distrax#324, nflows#32): from the data, so the density of a flow adds the
    /// log-det of forward.
    /// </summary>
    [Fact]
    public void ForwardIsFromDataToBase()
    {
        // x is log-normal with median 2 and deviation 1/2 of its logarithm.
        var flow = new Flow(Shape.Vector(1), new Scale(0.5) >> new Log() >> new Scale(2), Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var z = 2 * (_x / 2).log();
        var expected = -(z.square() / 2) - (0.5 * Math.Log(2 * Math.PI)) - Math.Log(0.5) - _x.log();
        AssertClose(expected, flow.LogProb(_x.unsqueeze(-1)), 1e-14);

        var sample = flow.Sample(50_000, generator: Generator).log();
        Assert.Equal(Math.Log(2), sample.mean().item<double>(), 0.01);
        Assert.Equal(0.5, sample.std().item<double>(), 0.01);
    }

    /// <summary>
    /// Planar flows could not score data (pyro#2718): here both directions exist, and each may face the data.
    /// </summary>
    [Fact]
    public void APlanarFlowScoresData()
    {
        var planar = Moved(new Language.Planar(4, Generator), 0.2);
        foreach (var transform in (Bijector[])[planar, ~planar])
        {
            var flow = new Flow(Shape.Vector(4), transform, Distribution.StandardNormal);
            flow.to(ScalarType.Float64);
            var (x, logProb) = flow.SampleWithLogProb(6, generator: Generator);
            AssertClose(logProb, flow.LogProb(x), 1e-12);
            AssertClose(x, flow.Decode(flow.Encode(x).Z), 1e-12);
            AssertClose(LogDetByAutograd(p => transform.Forward(p), x, 1), flow.Encode(x).LogDet, 1e-12);
        }
    }

    /// <summary>
    /// The inverse of an autoregressive map cost D evaluations of the network (nflows#62, ml-tarflow#6).
    /// </summary>
    [Fact]
    public void TheAutoregressiveInverseDoesNotCostDPasses()
    {
        var evaluations = 0;
        var sums = new CountingSums(() => evaluations++);
        var f = new SumsBefore(sums);
        var x = Normal(5, 40);
        var y = f.Forward(x);
        (evaluations, sums.Entries) = (0, 0);
        using (no_grad())
        {
            AssertClose(x, f.Inverse(y), 1e-10);
        }

        Assert.Equal((0, 1, 40), (evaluations, sums.Passes, sums.Entries));

        // With gradients there are two evaluations at the end, to differentiate once and twice.
        f.Inverse(y.requires_grad_()).sum().backward();
        Assert.Equal((2, 2, 80), (evaluations, sums.Passes, sums.Entries));
    }
}

/// <summary>The sum of the entries before each, which counts what it is asked for.</summary>
[Causal(Incremental = nameof(Begin))]
public sealed class CountingSums([Pure] Action evaluated)
{
    public int Passes { get; set; }

    public int Entries { get; set; }

    public Tensor Of(Tensor x)
    {
        evaluated();
        using var sum = x.cumsum(-1);
        return sum - x;
    }

    public CountingPass Begin(Tensor like)
    {
        Passes++;
        return new(this, like);
    }
}

/// <summary>The sum so far.</summary>
public sealed class CountingPass(CountingSums sums, Tensor like) : CausalPass
{
    private readonly Tensor _sum = zeros([.. like.shape[..^1], 1], like.dtype);

    public Tensor Of()
    {
        sums.Entries++;
        return _sum.clone();
    }

    public override void Append(Tensor entry) => _sum.add_(entry);

    protected override void Dispose(bool disposing) => _sum.Dispose();
}

[GeneratedBijector]
public sealed partial class SumsBefore : Bijector
{
    private readonly CountingSums _sums;

    public SumsBefore(CountingSums sums)
    {
        _sums = sums;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x) => 2 * x + torch.sin(_sums.Of(x));
}
