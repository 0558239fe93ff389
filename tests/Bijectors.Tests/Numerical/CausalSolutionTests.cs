using System.Diagnostics.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>Inverses in sweeps over all entries.</summary>
public sealed class CausalSolutionTests : NumericalTest
{
    private readonly Made _net;

    public CausalSolutionTests()
    {
        _net = new(6, hidden: 12, blockCount: 2, Generator, contextSize: 2);
        using var gradients = no_grad();
        foreach (var parameter in _net.parameters())
        {
            parameter.normal_(0, 0.4, Generator);
        }

        _net.to(ScalarType.Float64);
    }

    private MaskedAutoregressive Layer(double? tolerance) =>
        new(_net, solution: tolerance is { } given ? CausalSolution.Jacobi(given) : CausalSolution.Incremental);

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    public void Sweeps_give_what_the_loop_gives(double tolerance)
    {
        using var gradients = no_grad();
        foreach (var batch in (long[][])[[], [4], [2, 3], [0]])
        {
            var (y, context) = (Random([.. batch, 6]), Random([.. batch, 2]));
            var (expected, logDet) = Layer(null).InverseWithLogDet(y, context);
            var (actual, ourLogDet) = Layer(tolerance).InverseWithLogDet(y, context);
            Assert.True(actual.allclose(expected, 1e-10, 1e-10));
            Assert.True(ourLogDet.allclose(logDet, 1e-10, 1e-10));
        }
    }

    [Fact]
    public void Gradients_are_the_same()
    {
        var (y, context, weights) = (Random(3, 6).requires_grad_(), Random(3, 2).requires_grad_(), Random(3, 6));
        Tensor[] leaves = [y, context, .. _net.parameters()];
        var expected = GradientsOf(() => Layer(null).Inverse(y, context), weights, leaves);
        var actual = GradientsOf(() => Layer(1e-12).Inverse(y, context), weights, leaves);
        foreach (var (right, ours) in expected.Zip(actual))
        {
            AssertClose(right, ours, 1e-9);
        }
    }

    [Fact]
    public void In_float32_sweeps_agree_to_its_precision()
    {
        using var gradients = no_grad();
        _net.to(ScalarType.Float32);
        var (y, context) = (Random(5, 6).to(ScalarType.Float32), Random(5, 2).to(ScalarType.Float32));
        AssertClose(Layer(null).Inverse(y, context).to(ScalarType.Float64),
            Layer(1e-6).Inverse(y, context).to(ScalarType.Float64), 1e-4);
    }

    [Fact]
    public void There_are_at_most_as_many_sweeps_as_entries_and_fewer_where_entries_hardly_depend_on_one_another()
    {
        using var gradients = no_grad();
        var x = Random(3, 40);
        foreach (var (strength, tolerance, least, most) in new[] { (1.0, 0.0, 40, 40), (0.01, 1e-12, 2, 12),
            (0.0, 0.0, 2, 2), (1.0, double.PositiveInfinity, 1, 1) })
        {
            var evaluations = 0;
            var f = new SweptSums(strength, () => evaluations++) { Solution = CausalSolution.Jacobi(tolerance) };
            var y = f.Forward(x);
            evaluations = 0;
            var back = f.Inverse(y);
            Assert.InRange(evaluations, least, most);
            if (tolerance < 1)
            {
                AssertClose(x, back, 1e-10);
            }

            f.Solution = CausalSolution.Incremental;
            evaluations = 0;
            AssertClose(x, f.Inverse(y), 1e-10);
            Assert.Equal(40, evaluations);
        }
    }

    [Fact]
    public void What_is_not_a_number_does_not_end_the_sweeps_of_the_others()
    {
        using var gradients = no_grad();
        var evaluations = 0;
        var f = new SweptSums(1, () => evaluations++);
        var x = Random(3, 30);
        var y = f.Forward(x);
        y[1, 4] = double.NaN;
        foreach (var tolerance in (double[])[0, 1e-9])
        {
            f.Solution = CausalSolution.Jacobi(tolerance);
            var back = f.Inverse(y);
            AssertClose(x[0], back[0], 1e-10);
            AssertClose(x[2], back[2], 1e-10);
            Assert.Equal(26, back[1].isnan().sum().item<long>());
        }

        evaluations = 0;
        var nothing = full_like(y, double.NaN);
        Assert.True(f.Inverse(nothing).isnan().all().item<bool>());
        Assert.Equal(2, evaluations);
    }

    [Fact]
    public void No_tensor_survives()
    {
        var (layer, y, context) = (Layer(1e-9), Random(3, 6), Random(3, 2));
        Assert.Equal(0, Survivors(() => layer.Inverse(y, context).Dispose()));
    }

    [Fact]
    public void A_flow_declares_it_and_a_layer_may_change_it()
    {
        using var flow = Flow.On(Shape.Vector(5), seed: 3)
            .MaskedAutoregressive(hidden: 16, solution: CausalSolution.Jacobi(tolerance: 1e-6))
            .Into(Distribution.StandardNormal);
        var layer = Assert.Single(flow.modules().OfType<MaskedAutoregressive>());
        Assert.Equal("Jacobi(1E-06)", layer.Solution.ToString());
        using var gradients = no_grad();
        var z = randn(4, 5, generator: Generator);
        var swept = layer.Inverse(z);
        layer.Solution = CausalSolution.Incremental;
        Assert.Equal("Incremental", layer.Solution.ToString());
        Assert.True(layer.Inverse(z).allclose(swept, 1e-4, 1e-5));
        Assert.Throws<ArgumentNullException>(() => layer.Solution = null!);
    }

    [Theory]
    [InlineData(-1e-6, "-1E-06")]
    [InlineData(double.NaN, "NaN")]
    public void A_tolerance_is_not_negative(double tolerance, string got)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CausalSolution.Jacobi(tolerance));
        Assert.StartsWith($"CausalSolution.Jacobi: expected a tolerance of 0 or more, got {got}; "
            + "give the change of x below which sweeps may end, as 1e-6.", error.Message, StringComparison.Ordinal);
    }
}

/// <summary>
/// A causal function without an incremental pass, which counts its evaluations, in a bijector that says
/// how it is undone.
/// </summary>
[GeneratedBijector]
public sealed partial class SweptSums : Bijector, ICausalInverse
{
    private readonly double _strength;
    private readonly Action _evaluated;

    // What counts changes nothing that is computed.
    public SweptSums(double strength, [Pure] Action evaluated)
    {
        _strength = strength;
        _evaluated = evaluated;
        RegisterComponents();
    }

    public override int EventRank => 1;

    public CausalSolution Solution { get; set; } = CausalSolution.Incremental;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var t = Before(x);
        return (2 * x) + t;
    }

    [Causal]
    private Tensor Before(Tensor x)
    {
        _evaluated();
        using var sum = x.cumsum(-1);
        using var before = sum - x;
        using var bounded = before.sin();
        return bounded * _strength;
    }
}
