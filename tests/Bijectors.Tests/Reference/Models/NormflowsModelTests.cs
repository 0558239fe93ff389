using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>
/// Whole models of normflows: their weights, by name, in ours. Theirs go from base to data, so that the last of their
/// flows is the first of ours.
/// </summary>
public sealed class NormflowsModelTests : NumericalTest
{
    [Fact]
    public void RealNVP_by_networks_with_leaky_units()
    {
        var reference = ReferenceCase.Read("normflows_realnvp");
        var options = new ResidualMlpOptions { IsResidual = false, Activation = Activation.LeakyRelu(0.2) };
        var layers = Enumerable.Range(0, 3).Reverse().Select<int, Bijector>(i =>
        {
            // Theirs reads all features, those of the mapped part as zeros, and has a network for scales and one for
            // shifts: in ours two blocks of one network.
            var read = arange(i % 2, 5, 2);
            var mapped = arange(1 - (i % 2), 5, 2);
            Tensor Of(string net, int layer, string part) => reference.Input($"flows.{i}.{net}.net.{layer}.{part}");
            Tensor Both(int layer, string part) => (layer, part) switch
            {
                (0, "weight") => cat([Of("s", 0, part).index_select(1, read), Of("t", 0, part).index_select(1, read)]),
                (4, "weight") => block_diag(
                    Of("s", 4, part).index_select(0, mapped), Of("t", 4, part).index_select(0, mapped)),
                (4, _) => cat([Of("s", 4, part).index_select(0, mapped), Of("t", 4, part).index_select(0, mapped)]),
                (_, "weight") => block_diag(Of("s", layer, part), Of("t", layer, part)),
                _ => cat([Of("s", layer, part), Of("t", layer, part)]),
            };
            var net = new ResidualMlp(read.size(0), 2 * mapped.size(0), 12, 1, Generator, 0, options).With(
                [.. from row in new[] { ("initial", 0), ("layers.0", 2), ("final", 4) }
                    from part in new[] { "weight", "bias" }
                    select ($"{row.Item1}.{part}", Both(row.Item2, part))]);
            var partition = i % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped();
            return ~new AffineCoupling(net, partition, ScaleMap.Exponential);
        });
        reference.CheckModel(Chain.Of([.. layers, Base(reference, "q0.")]));
    }

    [Fact]
    public void A_neural_spline_flow_with_linear_maps()
    {
        const int Bins = 4;
        var reference = ReferenceCase.Read("normflows_nsf");
        var layers = Enumerable.Range(0, 2).Reverse().SelectMany(i =>
        {
            var linear = $"flows.{(2 * i) + 1}.";
            var permutation = reference.Input($"{linear}permutation._permutation").to(ScalarType.Int64);
            var theirs = $"flows.{2 * i}.prqct.";
            var partition = i == 0 ? Partition.Alternating() : Partition.Alternating().Swapped();
            var net = new ResidualMlp(2, 2 * ((3 * Bins) - 1), 6, 1, Generator).With([.. NflowsModelTests.Residual(
                reference, $"{theirs}transform_net.", blocks: 1, rows => NflowsModelTests.Divided(rows, Bins))]);
            Tensor Fixed(string what) => reference.Input($"{theirs}unconditional_transform.unnormalized_{what}");
            return new Bijector[]
            {
                new Permute(permutation.data<long>().ToArray()),
                Linear(reference, $"{linear}linear."),
                new Coupling(net, Transformer.RationalQuadratic(Bins), partition),
                new Spline(Fixed("widths"), Fixed("heights"), Fixed("derivatives"), 3).On(partition),
            };
        });
        reference.CheckModel(Chain.Of([.. layers, Base(reference, "q0.")]));
    }

    [Fact]
    public void Glow_of_two_levels()
    {
        var reference = ReferenceCase.Read("normflows_glow");
        Bijector[] Level(int level, long channels) =>
        [
            new Squeeze(),
            .. Enumerable.Range(0, 2).Reverse().SelectMany(
                block => GlowBlock(reference, $"flows.{level}.{block}.flows.", channels)),
        ];
        var half = Partition.Halves(-3);
        var last = Chain.Of([.. Level(0, 16), Base(reference, "q0.0.")]);
        reference.CheckModel(Chain.Of([
            .. Level(1, 8), Base(reference, "q0.1.").On(half.Swapped()),
            new FactorOut(half, last >> new Flatten(Shape.Image(16, 1, 1)), null, Shape.Image(8, 2, 2)),
        ]));
    }

    private Bijector[] GlowBlock(ReferenceCase reference, string theirs, long channels)
    {
        var actNorm = new ActNorm(Shape.Image(channels, 1, 1), -3).With(
            ("shift", reference.Input($"{theirs}2.t")[0]), ("logScale", reference.Input($"{theirs}2.s")[0]));
        var permutation = reference.Input($"{theirs}1.P");
        var (lower, upper) = (reference.Input($"{theirs}1.L").tril(-1), reference.Input($"{theirs}1.U").triu(1));
        var conv = new Conv1x1(channels, Generator).With(
            ("linear.factors", lower + upper + diag(reference.Input($"{theirs}1.log_S"))),
            ("linear.sign", reference.Input($"{theirs}1.sign_S")),
            ("linear.order", permutation.argmax(1)), ("linear.inverseOrder", permutation.argmax(0)));
        var net = $"{theirs}0.flows.1.param_map.net.";
        var coupling = new GlowCoupling(new ConvNet(channels / 2, channels, hidden: 5, Generator)).With(
            [.. from row in new[] { ("first", 0), ("second", 2), ("last", 4) }
                from part in new[] { "weight", "bias" }
                let value = reference.Input($"{net}{row.Item2}.{part}")
                select ($"net.{row.Item1}.{part}", row.Item2 == 4 ? ScalesFirst(value) : value)]);
        return [actNorm, conv, coupling];
    }

    // Theirs gives shifts first, in turn with scales, and subtracts them.
    private static Tensor ScalesFirst(Tensor rows)
    {
        var parts = rows.Uninterleaved().chunk(2);
        return cat([parts[1], -parts[0]]);
    }

    private PluLinear Linear(ReferenceCase reference, string theirs)
    {
        var (lower, upper) = (reference.Input(theirs + "lower_entries"), reference.Input(theirs + "upper_entries"));
        var size = reference.Input(theirs + "bias").size(0);
        var diagonal = nn.functional.softplus(reference.Input(theirs + "unconstrained_upper_diag")) + 1e-3;
        var (below, above) = (tril_indices(size, size, -1), triu_indices(size, size, 1));
        var factors = diag(diagonal.log());
        factors.index_put_(lower, below[0], below[1]);
        factors.index_put_(upper, above[0], above[1]);
        return new PluLinear(size, Generator).With(
            ("factors", factors), ("bias", reference.Input(theirs + "bias")),
            ("sign", ones(size)), ("order", arange(size)), ("inverseOrder", arange(size)));
    }

    /// <summary>A trained diagonal Gaussian, as a map to the standard one.</summary>
    private static Standardize Base(ReferenceCase reference, string theirs) =>
        new(reference.Input(theirs + "loc")[0], reference.Input(theirs + "log_scale")[0].exp());
}
