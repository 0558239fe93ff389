using Bijectors.CompilerServices;
using Bijectors.Tests.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>All entries at once in plain memory, against the loop over the entries.</summary>
public sealed class CausalScaleShiftTests : NumericalTest
{
    private Made Net(ScalarType dtype, long context = 0)
    {
        var net = new Made(7, 20, 2, Generator, context);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.15, Generator);
        }

        net.to(dtype);
        return net;
    }

    private static Tensor ByLoop(Bijector whose, Made net, ScaleMap scale, bool inverse, Tensor y, Tensor? context)
    {
        using var solve = new CausalSolve(whose, y, -1, 1);
        var pass = solve.Begin(net.Begin(y, context));
        while (solve.MoveNext())
        {
            using var step = NewDisposeScope();
            var (raw, shift) = pass.ScaleAndShift();
            var logScale = scale.LogScale(raw);
            solve.Append(
                inverse ? (solve.Entry(y) * logScale.exp()) + shift : (solve.Entry(y) - shift) * (-logScale).exp());
        }

        return solve.Known.clone();
    }

    [Theory]
    [MemberData(nameof(ScaleMapTests.All), MemberType = typeof(ScaleMapTests))]
    public void It_gives_what_the_loop_gives(ScaleMap scale)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-12), (ScalarType.Float32, 1e-4) })
        {
            foreach (var batch in (long[][])[[], [1], [3], [70], [2, 3], [0]])
            {
                using var gradients = no_grad();
                var net = Net(dtype, 2);
                var layer = new MaskedAutoregressive(net, scale);
                var (y, context) = (Random([.. batch, 7]).to(dtype), Random([.. batch, 2]).to(dtype));
                AssertSame(ByLoop(layer, net, scale, inverse: false, y, context), layer.Inverse(y, context), tolerance);
            }
        }
    }

    [Fact]
    public void Its_inverse_form_and_the_bare_exponential_do_as_well()
    {
        using var gradients = no_grad();
        var net = Net(ScalarType.Float64);
        var (f, g) = (new PaperMaf(net), new PlainMaf(net));
        var y = Random(5, 7);
        AssertClose(ByLoop(f, net, ScaleMap.Exponential, inverse: true, y, null), f.Inverse(y), 1e-12);
        AssertClose(ByLoop(g, net, ScaleMap.Exponential, inverse: false, y, null), g.Inverse(y), 1e-12);
        AssertClose(y, f.Forward(f.Inverse(y)), 1e-12);
        AssertClose(y, g.Forward(g.Inverse(y)), 1e-12);
    }

    [Fact]
    public void A_quotient_by_a_reciprocal_has_one_log_det_both_ways()
    {
        using var gradients = no_grad();
        var net = Net(ScalarType.Float64);
        var f = new QuotientMaf(net);
        var x = Random(5, 7);
        var (y, logDet) = f.ForwardWithLogDet(x);
        AssertClose(net.ScaleAndShift(x, null).LogScale.sum(-1), logDet, 1e-12);
        AssertClose(-logDet, f.InverseWithLogDet(y).LogDet, 1e-12);
    }

    [Fact]
    public void Points_need_not_lie_in_rows()
    {
        using var gradients = no_grad();
        var layer = new MaskedAutoregressive(Net(ScalarType.Float64));
        var y = Random(7, 9);
        Assert.True(layer.Inverse(y.t().contiguous()).Equals(layer.Inverse(y.t())));
        // A single point may stand in vectors of another width than a batch.
        AssertClose(layer.Inverse(y.t().contiguous())[2], layer.Inverse(y.t().contiguous()[2]), 1e-13);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        using var gradients = no_grad();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var layer = new MaskedAutoregressive(Net(dtype));
            var y = Random(150, 7).to(dtype);
            ThreadCounts.ChangeNoBit(() => [layer.Inverse(y)]);
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_in_its_own_point()
    {
        using var gradients = no_grad();
        var layer = new MaskedAutoregressive(Net(ScalarType.Float64));
        var y = Random(3, 7);
        var clean = layer.Inverse(y);
        y[1, 2] = double.NaN;
        var x = layer.Inverse(y);
        AssertClose(clean[0], x[0], 1e-15);
        AssertClose(clean[2], x[2], 1e-15);
        Assert.Equal([false, false, true, true, true, true, true], x[1].isnan().data<bool>().ToArray());
    }

    [Fact]
    public void It_serves_a_pass_at_its_beginning_only_and_leaves_nothing_behind()
    {
        using var gradients = no_grad();
        var net = Net(ScalarType.Float64);
        var y = Random(3, 7);
        using var point = zeros_like(y);
        using (var pass = net.Begin(y, null))
        {
            pass.Append(y.narrow(1, 0, 1));
            Assert.False(pass.ScaleShift(y, point, ScaleMap.Exponential, inverse: false));
        }

        using (var pass = net.Begin(y, null))
        {
            Assert.False(pass.ScaleShift(y.to(ScalarType.Float32), point, ScaleMap.Exponential, inverse: false));
            Assert.True(pass.ScaleShift(y, point, ScaleMap.Exponential, inverse: false));
            Assert.Throws<InvalidOperationException>(() => pass.ScaleAndShift());
        }

        var layer = new MaskedAutoregressive(net);
        Assert.Equal(0, Survivors(() => layer.Inverse(y).Dispose()));
    }

    private static void AssertSame(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        if (expected.numel() > 0)
        {
            // An error is amplified from feature to feature: what is small is as wrong as what is large.
            var size = 1 + expected.abs().max().ToDouble();
            Assert.InRange((actual - expected).abs().max().ToDouble() / size, 0, tolerance);
        }
    }
}

/// <summary>In the letters of the paper, <c>(x - t) exp(-s)</c>.</summary>
[GeneratedBijector]
public sealed partial class PaperMaf : Bijector
{
    private readonly Made net;

    public PaperMaf(Made net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = net.ScaleAndShift(x, context);
        return (x - t) * exp(-s);
    }
}

/// <summary><c>x exp(s) + t</c></summary>
[GeneratedBijector]
public sealed partial class PlainMaf : Bijector
{
    private readonly Made net;

    public PlainMaf(Made net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = net.ScaleAndShift(x, context);
        return (x * exp(s)) + t;
    }
}

/// <summary><c>(x - t) / exp(-s)</c></summary>
[GeneratedBijector]
public sealed partial class QuotientMaf : Bijector
{
    private readonly Made net;

    public QuotientMaf(Made net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = net.ScaleAndShift(x, context);
        return (x - t) / exp(-s);
    }
}
