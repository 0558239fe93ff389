using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

public sealed class LayerReferenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void The_affine_coupling_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("coupling_affine");
        var net = new ResidualMlp(3, 6, hidden: 8, blockCount: 1, _generator);

        // Theirs gives shifts first.
        var (weight, bias) =
            (reference.Input("transform_net.final_layer.weight"), reference.Input("transform_net.final_layer.bias"));
        var f = new AffineCoupling(net, Partition.Alternating(), ScaleMap.Sigmoid(offset: 2, floor: 1e-3)).With(
            [.. Network("net.", reference, "transform_net.", blocks: 1)]).With(
            ("net.final.weight", weight.roll(3, 0)), ("net.final.bias", bias.roll(3, 0)));

        reference.Check(f, eventRank: 1);
    }

    [Fact]
    public void The_masked_autoregressive_flow_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("maf_affine");
        var layers = Enumerable.Range(0, 3).SelectMany<int, Bijector>(i =>
        {
            var theirs = $"_transforms.{2 * i + 1}.autoregressive_net.";
            var net = new Made(6, hidden: 16, blockCount: 2, _generator);
            var layer = new MaskedAutoregressive(net, ScaleMap.Softplus()).With(
                [.. Network("net.", reference, theirs, blocks: 2)]).With(
                ("net.final.weight", reference.Input(theirs + "final_layer.weight").Uninterleaved()),
                ("net.final.bias", reference.Input(theirs + "final_layer.bias").Uninterleaved()));
            var state = layer.state_dict();
            ReferenceCase.AssertClose(reference.Input(theirs + "initial_layer.mask"), state["net.inputMask"]);
            ReferenceCase.AssertClose(
                reference.Input(theirs + "blocks.0.linear_layers.0.mask"), state["net.hiddenMask"]);
            ReferenceCase.AssertClose(
                reference.Input(theirs + "final_layer.mask").Uninterleaved(), state["net.outputMask"]);
            return [new Reverse(), layer];
        });

        reference.Check(Chain.Of([.. layers]), eventRank: 1);
    }

    [Fact]
    public void The_linear_layer_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("linear_lu");
        var (lower, upper) = (reference.Input("lower_entries"), reference.Input("upper_entries"));
        var factors = diag((nn.functional.softplus(reference.Input("unconstrained_upper_diag")) + 1e-3).log());
        for (long row = 0, below = 0, above = 0; row < 6; row++)
        {
            for (var column = 0L; column < 6; column++)
            {
                if (column != row)
                {
                    factors[row, column] = column < row ? lower[below++] : upper[above++];
                }
            }
        }

        var f = new PluLinear(6, _generator).With(
            ("factors", factors), ("bias", reference.Input("bias")),
            ("sign", ones(6)), ("order", arange(6)), ("inverseOrder", arange(6)));

        ReferenceCase.AssertClose(reference.Output("weight"), f.Weight());
        reference.Check(f, eventRank: 1);
    }

    [Fact]
    public void A_step_of_Glow_agrees_with_normflows()
    {
        var reference = ReferenceCase.Read("glow_step");
        var actNorm = new ActNorm(Shape.Image(4, 4, 4), -3).With(
            ("shift", reference.Input("flows.2.t")[0]), ("logScale", reference.Input("flows.2.s")[0]));

        var permutation = reference.Input("flows.1.P");
        var (lower, upper) = (reference.Input("flows.1.L").tril(-1), reference.Input("flows.1.U").triu(1));
        var conv = new Conv1x1(4, _generator).With(
            ("linear.factors", lower + upper + diag(reference.Input("flows.1.log_S"))),
            ("linear.sign", reference.Input("flows.1.sign_S")),
            ("linear.order", permutation.argmax(1)), ("linear.inverseOrder", permutation.argmax(0)));

        // Theirs gives shifts first, in turn with scales, and subtracts them.
        const string Theirs = "flows.0.flows.1.param_map.net.";
        var coupling = new GlowCoupling(new ConvNet(2, 4, hidden: 8, _generator)).With(
            ("net.first.weight", reference.Input(Theirs + "0.weight")),
            ("net.first.bias", reference.Input(Theirs + "0.bias")),
            ("net.second.weight", reference.Input(Theirs + "2.weight")),
            ("net.second.bias", reference.Input(Theirs + "2.bias")),
            ("net.last.weight", ScalesFirst(reference.Input(Theirs + "4.weight"))),
            ("net.last.bias", ScalesFirst(reference.Input(Theirs + "4.bias"))));

        reference.Check(actNorm >> conv >> coupling, eventRank: 3);
    }

    [Fact]
    public void Squeezing_agrees_with_normflows()
    {
        var reference = ReferenceCase.Read("squeeze");
        var f = new Squeeze();

        ReferenceCase.AssertClose(reference.Output("y"), f.Forward(reference.Input("x")));
        ReferenceCase.AssertClose(reference.Input("x"), f.Inverse(reference.Output("y")));
    }

    [Fact]
    public void The_planar_flow_agrees_with_normflows()
    {
        var reference = ReferenceCase.Read("planar");
        var (u, w) = (reference.Input("u")[0], reference.Input("w")[0]);

        // Theirs moves u.w above -1 by softplus(u.w) - 1, ours a thousandth further.
        var theirs = Elementwise.Softplus((u * w).sum()) - 1;
        var ours = Elementwise.SoftplusInverse(theirs + 1 - 1e-3);
        var raw = u + ((ours - (u * w).sum()) * w / w.square().sum());
        var f = new Planar(6, _generator).With(("theta", cat([raw, w, reference.Input("b")])));

        reference.Check(f, eventRank: 1);
    }

    [Fact]
    public void The_planar_flow_declared_as_a_contraction_agrees_with_normflows()
    {
        var reference = ReferenceCase.Read("planar");
        reference.Check(
            new NormflowsPlanar(reference.Input("u")[0], reference.Input("w")[0], reference.Input("b")), eventRank: 1);
    }

    [Fact]
    public void The_radial_flow_agrees_with_normflows()
    {
        var reference = ReferenceCase.Read("radial");
        var raw = Elementwise.SoftplusInverse(ones(1, ScalarType.Float64));
        var f = new Radial(6, _generator).With(("theta", cat(
            [reference.Input("z_0")[0], reference.Input("alpha").abs().log(), reference.Input("beta") - raw])));

        reference.Check(f, eventRank: 1);
    }

    [Fact]
    public void Reflections_agree_with_the_linear_layer_by_singular_values_of_nflows()
    {
        var reference = ReferenceCase.Read("linear_svd");

        // Theirs is y = Q1 D Q2 x + b for columns x, with products of reflections, the first one applied first.
        var f = Rotation(2) >> new Standardize(
            zeros(6, ScalarType.Float64),
            1 / (nn.functional.softplus(reference.Input("unconstrained_diagonal")) + 1e-3))
            >> Rotation(1) >> new Standardize(-reference.Input("bias"), ones(6, ScalarType.Float64));

        reference.Check(f, eventRank: 1);

        Bijector Rotation(int i) => new Householder(6, 4, _generator).With(
            ("vectors", reference.Input($"orthogonal_{i}.q_vectors").mT));
    }

    private static Tensor ScalesFirst(Tensor rows)
    {
        var sorted = rows.Uninterleaved();
        var half = rows.shape[0] / 2;
        return cat([sorted.narrow(0, half, half), -sorted.narrow(0, 0, half)]);
    }

    private static IEnumerable<(string Name, Tensor Value)> Network(
        string ours, ReferenceCase reference, string theirs, int blocks)
    {
        var layers = new List<(string Ours, string Theirs)> { ("initial", "initial_layer"), ("final", "final_layer") };
        for (var i = 0; i < blocks; i++)
        {
            layers.Add(($"blocks.{i}.first", $"blocks.{i}.linear_layers.0"));
            layers.Add(($"blocks.{i}.second", $"blocks.{i}.linear_layers.1"));
        }

        return from layer in layers
               from part in new[] { "weight", "bias" }
               select ($"{ours}{layer.Ours}.{part}", reference.Input($"{theirs}{layer.Theirs}.{part}"));
    }
}
