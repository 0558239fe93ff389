using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>Whole models of nflows: their weights, by name, in ours.</summary>
public sealed class NflowsModelTests : NumericalTest
{
    [Fact]
    public void A_masked_autoregressive_flow_with_batch_norm_and_few_hidden_units()
    {
        var reference = ReferenceCase.Read("nflows_maf_batch_norm");
        var options = new MadeOptions { Normalization = HiddenNormalization.Affine };
        reference.CheckModel(Chain.Of([.. Enumerable.Range(0, 2).SelectMany(i => new Bijector[]
        {
            new Reverse(),
            new MaskedAutoregressive(
                Made(reference, $"_transform._transforms.{(3 * i) + 1}.", options), ScaleMap.Softplus()),
            BatchNorm(reference, $"_transform._transforms.{(3 * i) + 2}."),
        })]));
    }

    [Fact]
    public void A_masked_autoregressive_flow_with_a_context()
    {
        var reference = ReferenceCase.Read("nflows_maf_context");
        var options = new MadeOptions { Activation = Activation.Tanh, ContextEntry = ContextEntry.Addition };
        reference.CheckModel(Chain.Of([.. Enumerable.Range(0, 2).SelectMany(i => new Bijector[]
        {
            new Reverse(),
            new MaskedAutoregressive(
                Made(reference, $"_transform._transforms.{(2 * i) + 1}.", options, contextSize: 3),
                ScaleMap.Softplus()),
        })]));
    }

    [Fact]
    public void A_masked_autoregressive_flow_with_random_masks()
    {
        var reference = ReferenceCase.Read("nflows_maf_random_masks");
        reference.CheckModel(Chain.Of([.. Enumerable.Range(0, 2).SelectMany(i =>
        {
            var theirs = $"_transform._transforms.{(2 * i) + 1}.autoregressive_net.";
            string[] layers = ["initial_layer", "blocks.0.linear", "blocks.1.linear", "final_layer"];
            Tensor Of(int layer, string part)
            {
                var rows = reference.Input($"{theirs}{layers[layer]}.{part}");
                return layer == 3 ? rows.Uninterleaved() : rows;
            }

            var net = new MaskedMlp(
                [.. Enumerable.Range(0, 4).Select(layer => Of(layer, "mask"))], Generator,
                activation: Activation.Tanh).With([.. from layer in Enumerable.Range(0, 4)
                    from part in new[] { "weight", "bias" }
                    select ($"layers.{layer}.dense.{part}", Of(layer, part))]);
            return new Bijector[] { new Reverse(), new MaskedAutoregressive(net, ScaleMap.Softplus()) };
        })]));
    }

    [Fact]
    public void RealNVP_with_batch_norm_and_tanh()
    {
        var reference = ReferenceCase.Read("nflows_realnvp");
        var options = new ResidualMlpOptions
        {
            Activation = Activation.Tanh, Normalization = HiddenNormalization.Affine,
        };
        reference.CheckModel(Chain.Of([.. Enumerable.Range(0, 3).SelectMany(i =>
        {
            var theirs = $"_transform._transforms.{2 * i}.transform_net.";
            var (read, mapped) = i % 2 == 0 ? (3, 2) : (2, 3);

            // Theirs gives shifts first.
            var net = new ResidualMlp(read, 2 * mapped, 6, 2, Generator, 0, options).With(
                [.. Residual(reference, theirs, blocks: 2, rows => rows.roll(mapped, 0))]);
            var partition = i % 2 == 0 ? Partition.Alternating() : Partition.Alternating().Swapped();
            return new Bijector[]
            {
                new AffineCoupling(net, partition, ScaleMap.Sigmoid(offset: 2, floor: 1e-3)),
                BatchNorm(reference, $"_transform._transforms.{(2 * i) + 1}."),
            };
        })]));
    }

    [Fact]
    public void A_neural_spline_flow_of_couplings_with_a_context()
    {
        const int Bins = 4;
        var reference = ReferenceCase.Read("nflows_nsf_coupling");
        var options = new ResidualMlpOptions { Activation = Activation.Elu, ContextEntry = ContextEntry.Gating };
        reference.CheckModel(Chain.Of([.. Enumerable.Range(0, 2).Select(i =>
        {
            var net = new ResidualMlp(2, 2 * ((3 * Bins) - 1), 6, 1, Generator, 2, options).With([.. Residual(
                reference, $"_transform._transforms.{i}.transform_net.", blocks: 1, rows => Divided(rows, Bins))]);

            // The first maps the odd features.
            return new Coupling(
                net, Transformer.RationalQuadratic(Bins),
                i == 0 ? Partition.Alternating() : Partition.Alternating().Swapped());
        })]));
    }

    [Fact]
    public void An_autoregressive_neural_spline_flow()
    {
        var reference = ReferenceCase.Read("nflows_nsf_autoregressive");

        // Theirs divides widths and heights by the root of the width of couplings only.
        reference.CheckModel(Chain.Of(
            new Reverse(),
            new Autoregressive(
                Made(reference, "_transform._transforms.1.", new(), outputs: 11),
                Transformer.RationalQuadratic(bins: 4))));
    }

    internal static Tensor Divided(Tensor rows, int bins)
    {
        var root = Math.Sqrt(6);
        var places = arange(rows.size(0)) % ((3 * bins) - 1);
        var factor = where(places < 2 * bins, 1 / root, 1.0).to(ScalarType.Float64);
        return rows.dim() == 1 ? rows * factor : rows * factor.unsqueeze(-1);
    }

    /// <summary>The layers of their ResidualNet under our names.</summary>
    internal static IEnumerable<(string Name, Tensor Value)> Residual(
        ReferenceCase reference, string theirs, int blocks, Func<Tensor, Tensor> final)
    {
        foreach (var part in new[] { "weight", "bias" })
        {
            yield return ($"initial.{part}", reference.Input($"{theirs}initial_layer.{part}"));
            yield return ($"final.{part}", final(reference.Input($"{theirs}final_layer.{part}")));
            for (var i = 0; i < blocks; i++)
            {
                var block = $"{theirs}blocks.{i}.";
                yield return ($"blocks.{i}.first.{part}", reference.Input($"{block}linear_layers.0.{part}"));
                yield return ($"blocks.{i}.second.{part}", reference.Input($"{block}linear_layers.1.{part}"));
                if (reference.Has($"{block}context_layer.{part}"))
                {
                    // MADE has one more, behind the first layer.
                    var place = reference.Has($"{theirs}context_layer.{part}") ? i + 1 : i;
                    yield return ($"between.contexts.{place}.{part}", reference.Input($"{block}context_layer.{part}"));
                }
            }

            if (reference.Has($"{theirs}context_layer.{part}"))
            {
                yield return ($"between.contexts.0.{part}", reference.Input($"{theirs}context_layer.{part}"));
            }
        }

        for (var i = 0; reference.Has($"{theirs}blocks.{i / 2}.batch_norm_layers.{i % 2}.weight"); i++)
        {
            var (scale, shift) = reference.BatchNorm($"{theirs}blocks.{i / 2}.batch_norm_layers.{i % 2}.");
            yield return ($"between.scalings.{i}.scale", scale);
            yield return ($"between.scalings.{i}.shift", shift);
        }
    }

    /// <summary>Their MADE, with its masks.</summary>
    private Made Made(
        ReferenceCase reference, string transform, MadeOptions options, int contextSize = 0, int outputs = 2)
    {
        var theirs = $"{transform}autoregressive_net.";
        var masks = MadeOptions.Of(
            reference.Input($"{theirs}initial_layer.mask"), reference.Input($"{theirs}blocks.0.linear_layers.0.mask"),
            reference.Input($"{theirs}final_layer.mask").Uninterleaved(outputs));
        var blocks = Enumerable.Range(0, 9).Count(i => reference.Has($"{theirs}blocks.{i}.linear_layers.0.weight"));
        return new Made(
            masks.Order!.Count, masks.Degrees!.Count, blocks, Generator, contextSize,
            options with { Order = masks.Order, Degrees = masks.Degrees, Outputs = outputs }).With(
                [.. Residual(reference, theirs, blocks, rows => rows.Uninterleaved(outputs))]);
    }

    /// <summary>Their batch normalisation between layers.</summary>
    private static Standardize BatchNorm(ReferenceCase reference, string theirs)
    {
        var weight = nn.functional.softplus(reference.Input(theirs + "unconstrained_weight")) + 1e-5;
        var deviation = (reference.Input(theirs + "running_var") + 1e-5).sqrt() / weight;
        var mean = reference.Input(theirs + "running_mean") - (reference.Input(theirs + "bias") * deviation);
        return new(mean, deviation);
    }
}
