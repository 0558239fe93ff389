using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

public sealed class SplineReferenceTests : IDisposable
{
    private const double Least = 1e-3;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void The_spline_with_linear_tails_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("rational_quadratic_spline_linear_tails");
        reference.Check(
            new Spline(
                reference.Input("unnormalized_widths"), reference.Input("unnormalized_heights"),
                reference.Input("unnormalized_derivatives"), reference.Number("tail_bound")),
            eventRank: 0);
    }

    [Fact]
    public void The_spline_of_the_unit_interval_agrees_with_nflows()
    {
        // Its slopes at 0 and 1 are free, ours are 1 at the border: so it is the inside of ours with one bin
        // more at each end.
        const double Tail = 0.005;
        var reference = ReferenceCase.Read("rational_quadratic_spline_unit");
        Tensor Inside(string name)
        {
            var sizes = Least + ((1 - (8 * Least)) * reference.Input(name).softmax(-1));
            var tail = full([.. sizes.shape[..^1], 1], Tail, ScalarType.Float64);
            return Raw(cat([tail, (1 - (2 * Tail)) * sizes, tail], -1));
        }

        var spline = new Spline(
            Inside("unnormalized_widths"), Inside("unnormalized_heights"),
            reference.Input("unnormalized_derivatives"), 0.5 / (1 - (2 * Tail)));
        reference.Check(new Shift(-0.5) >> spline >> new Shift(0.5), eventRank: 0);
    }

    [Fact]
    public void The_spline_of_zuko_agrees_with_zuko()
    {
        // zuko squashes raw numbers to +-log(slope), takes exp of the slopes' and has no least width.
        var reference = ReferenceCase.Read("zuko_monotonic_rqs");
        var limit = -Math.Log(reference.Number("slope"));
        Tensor Squashed(string name, double times)
        {
            var raw = reference.Input(name);
            return raw / (1 + (times * raw / limit).abs());
        }

        reference.Check(
            new Spline(
                Raw(Squashed("widths", 2).softmax(-1)), Raw(Squashed("heights", 2).softmax(-1)),
                RawSlopes(Squashed("derivatives", 1).exp()), reference.Number("bound")),
            eventRank: 0);
    }

    [Fact]
    public void The_spline_coupling_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("coupling_rational_quadratic");
        (string Ours, string Theirs)[] layers =
        [
            ("initial", "initial_layer"), ("final", "final_layer"),
            ("blocks.0.first", "blocks.0.linear_layers.0"), ("blocks.0.second", "blocks.0.linear_layers.1"),
        ];
        var coupling = new Coupling(
            new ResidualMlp(3, 51, hidden: 8, blockCount: 1, _generator), Transformer.RationalQuadratic(6),
            Partition.Alternating()).With(
                [.. from layer in layers
                    from part in new[] { ".weight", ".bias" }
                    select ($"net.{layer.Ours}{part}", reference.Input("transform_net." + layer.Theirs + part))]);

        // Theirs divides widths and heights by the root of the network's width.
        var ofWidthsAndHeights = where(arange(51) % 17 < 12, 1 / Math.Sqrt(8), 1.0);
        using (no_grad())
        {
            coupling.state_dict()["net.final.weight"].mul_(ofWidthsAndHeights.unsqueeze(-1));
            coupling.state_dict()["net.final.bias"].mul_(ofWidthsAndHeights);
        }

        reference.Check(coupling, eventRank: 1);
    }

    [Fact]
    public void Two_bins_of_slope_1_agree_with_TensorFlow_Probability()
    {
        // Their case; the values are of equations 4 and 5 of Neural spline flows.
        var root = Math.Sqrt(0.5);
        var spline = new Spline(
            Raw(tensor([0.5, 0.5])), Raw(tensor([root / 2, 1 - (root / 2)])), RawSlopes(tensor([1.0])), 1);
        ReferenceCase.Check(
            spline,
            tensor([-0.5, 0, 0.5, 0.9, -1.05]),
            tensor([-0.6464466094067263, -0.2928932188134524, 0.35355339059327384, 0.8926954718432297, -1.05]),
            tensor([-0.5347999967395702, 0, 0.37709777074470036, 0.134642187853027, 0]),
            eventRank: 0);
    }

    [Fact]
    public void One_bin_of_slope_1_is_the_identity()
    {
        var x = linspace(-2, 2, 41, ScalarType.Float64);
        static Tensor Zeros(long count) => zeros(count, ScalarType.Float64);
        ReferenceCase.Check(new Spline(Zeros(1), Zeros(1), Zeros(0), 1), x, x, zeros_like(x), eventRank: 0);

        // Of no bin there is no spline.
        Assert.Throws<ShapeException>(() => new Spline(Zeros(0), Zeros(0), Zeros(0), 1).Forward(x));
    }

    /// <summary>Raw numbers that our spline makes these sizes of, which sum to 1.</summary>
    private static Tensor Raw(Tensor sizes) => (sizes - Least).log();

    private static Tensor RawSlopes(Tensor slopes) => Elementwise.SoftplusInverse(slopes - Least);
}
