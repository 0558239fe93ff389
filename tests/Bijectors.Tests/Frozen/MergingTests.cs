using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>Which layers become one.</summary>
public sealed class MergingTests : IDisposable
{
    private static readonly Shape s_four = Shape.Vector(4);
    private static readonly Shape s_table = Shape.Of(3, 4);

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_matrix_takes_in_what_stands_beside_it_along_its_axis() => AssertLayers(
        s_four,
        new Scale(2) >> new ActNorm(s_four) >> new Reverse() >> Linear(4)
            >> new Shift(1) >> ~Linear(4) >> new Permute([2, 0, 1, 3]) >> Standardize(1),
        "Scale(2) >> ActNorm(-1) >> Reverse(-1) >> PluLinear(4) >> Shift(1) >> ~PluLinear(4) >> "
        + "Permute(4 entries, -1) >> Standardize");

    [Fact]
    public void Scales_and_shifts_become_one_and_permutations_remain_lookups() => AssertLayers(
        s_four, new ActNorm(s_four) >> new Scale(2) >> new Reverse() >> new ActNorm(s_four), "ActNorm(-1) >> Scale(2)",
        "Reverse(-1)", "ActNorm(-1)");

    [Fact]
    public void A_number_remains_a_number() =>
        AssertLayers(s_four, new Negate() >> new Reverse() >> new Exp(), "Negate", "Reverse(-1)", "Exp");

    [Fact]
    public void Another_axis_stays_apart() => AssertLayers(
        s_table, Linear(4) >> Linear(3).Along(-2) >> new ActNorm(s_table, -2), "PluLinear(4)",
        "PluLinear(3).Along(-2) >> ActNorm(-2)");

    [Fact]
    public void What_differs_along_other_axes_stays_apart() => AssertLayers(
        s_table, Trained.Bijector(ActNorm.Elements(s_table) >> Linear(4)), "ActNorm(3, 4)", "PluLinear(4)");

    [Fact]
    public void The_ends_of_a_mixer_merge_with_their_neighbours() => AssertLayers(
        s_table,
        new ActNorm(s_table, -2)
            >> (Linear(3) >> new Softplus() >> ~new Softplus()
                >> new AffineCoupling(new ResidualMlp(2, 2, 4, 1, Chance())) >> Linear(3)).Along(-2)
            >> new ActNorm(s_table, -2),
        "ActNorm(-2) >> PluLinear(3).Along(-2)", "Along(-2)", "PluLinear(3).Along(-2) >> ActNorm(-2)");

    [Fact]
    public void A_shift_that_would_cost_digits_stays_apart()
    {
        AssertLayers(s_four, Standardize(1000) >> Linear(4), "Standardize", "PluLinear(4)");
        AssertLayers(s_four, Linear(4) >> ~Standardize(1000), "PluLinear(4)", "~Standardize");
    }

    [Fact]
    public void A_far_mean_costs_no_digits()
    {
        using var leaving = no_grad();
        var f = Standardize(1e4) >> Linear(4);
        var x = 1e4f + randn([50, 4], generator: Chance());
        var frozen = f.Frozen(s_four, ScalarType.Float32).Forward(x);
        f.to(ScalarType.Float64);
        Assert.InRange(Trained.Difference(f.Forward(x.to(ScalarType.Float64)), frozen.to(ScalarType.Float64)), 0, 1e-6);
    }

    [Fact]
    public void A_singular_matrix_is_told_as_such()
    {
        var f = Linear(4);
        using (no_grad())
        {
            f.parameters().First().fill_(double.NegativeInfinity);
        }

        var exception = Assert.Throws<InvalidOperationException>(() => f.Frozen(s_four, ScalarType.Float32));
        Assert.Equal(
            "Frozen: expected PluLinear(4) to have finite scales and an inverse, got one that is infinite or NaN; "
            + "a parameter is, or a scale has become zero.",
            exception.Message);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_told_as_such() =>
        Assert.Throws<ShapeException>(() => (new Exp() >> Linear(4)).Frozen(Shape.Vector(5), ScalarType.Float32));

    [Fact]
    public void The_event_rank_stays()
    {
        foreach (var f in new[] { ActNorm.Elements(s_table), ActNorm.Elements(s_table) >> Linear(4),
            Linear(4) >> new Reverse(-2), new Scale(2) })
        {
            Assert.Equal(f.EventRank, f.Frozen(s_table, ScalarType.Float64).EventRank);
        }
    }

    [Fact]
    public void The_log_det_of_affine_layers_is_one_number_until_the_end()
    {
        var f = new ActNorm(s_four) >> Linear(4) >> new Scale(2) >> new ActNorm(s_four);
        foreach (var chain in new[] { f, f.Frozen(s_four, ScalarType.Float32) })
        {
            var (_, logDet) = Nested.ForwardWithLogDet(chain, zeros(7, 4), context: null, eventRank: 1);
            Assert.Empty(logDet.shape);
        }
    }

    public void Dispose() => _scope.Dispose();

    private static Generator Chance() => new(1);

    private static PluLinear Linear(long size) => new(size, Chance());

    private static Standardize Standardize(double mean) =>
        new(full([4], mean, ScalarType.Float32), tensor([1f, 2, 3, 4]));

    private static void AssertLayers(Shape shape, Bijector f, params string[] expected)
    {
        var frozen = f.Frozen(shape, ScalarType.Float64);
        Assert.Equal(expected, (frozen is Chain chain ? chain.Layers : [frozen]).Select(layer => layer.ToString()));
    }
}
