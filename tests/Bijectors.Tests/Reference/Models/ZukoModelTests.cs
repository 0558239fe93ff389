using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>Whole models of zuko: their weights, by name, in ours.</summary>
public sealed class ZukoModelTests : NumericalTest
{
    [Fact]
    public void A_masked_autoregressive_flow_with_a_context()
    {
        var orders = new[] { arange(5), arange(4, -1, -1) };
        Check(
            ReferenceCase.Read("zuko_maf"), orders.Select(Before), [7, 9], Activation.Elu,
            net => new MaskedAutoregressive(net, new SoftClip()), contextSize: 2);
    }

    [Fact]
    public void Features_in_two_groups_as_in_a_coupling()
    {
        var order = arange(5).div(3, RoundingMode.floor);
        var orders = new[] { order, order.flip(0) };
        var reference = ReferenceCase.Read("zuko_coupling");
        foreach (var solution in (CausalSolution[])[CausalSolution.Incremental, CausalSolution.Jacobi(0)])
        {
            Check(
                reference, orders.Select(Before), [8, 8], Activation.Relu,
                net => new MaskedAutoregressive(net, new SoftClip(), solution));
        }
    }

    [Fact]
    public void Features_that_depend_on_each_other_by_a_graph()
    {
        var graph = tensor(new[,] { { 0, 0, 0, 0 }, { 1, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 1, 1, 0 } });
        Check(
            ReferenceCase.Read("zuko_adjacency"), [graph, graph], [6, 6], Activation.Relu,
            net => new MaskedAutoregressive(net, new SoftClip()));
    }

    [Fact]
    public void A_neural_spline_flow()
    {
        var orders = new[] { arange(4), arange(3, -1, -1) };
        var splines = Transformer.RationalQuadratic(bins: 4, bound: 5, leastSize: 0, leastSlope: 0, softClip: 1e-3);
        Check(
            ReferenceCase.Read("zuko_nsf"), orders.Select(Before), [6, 6], Activation.Relu,
            net => new Autoregressive(net, splines), outputs: 11);
    }

    private static Tensor Before(Tensor order) => order.unsqueeze(-1) > order;

    private void Check(
        ReferenceCase reference, IEnumerable<Tensor> graphs, int[] hidden, Activation activation,
        Func<MaskedMlp, Bijector> layerBy, int outputs = 2, long contextSize = 0) =>
        reference.CheckModel(Chain.Of([.. graphs.Select((graph, i) =>
        {
            // Theirs gives the numbers of each feature in turn, and shifts before scales.
            Tensor Of(int layer, string part)
            {
                var rows = reference.Input($"transform.transforms.{i}.hyper.{2 * layer}.{part}");
                if (layer < hidden.Length)
                {
                    return rows;
                }

                var groups = rows.Uninterleaved(outputs);
                return outputs == 2 ? groups.roll(rows.size(0) / 2, 0) : groups;
            }

            var net = MaskedMlp.Of(graph, hidden, Generator, outputs, contextSize, activation).With(
                [.. from layer in Enumerable.Range(0, hidden.Length + 1)
                    from part in new[] { "weight", "bias" }
                    select ($"layers.{layer}.dense.{part}", Of(layer, part))]);
            foreach (var (mask, layer) in net.Masks.Select((mask, layer) => (mask, layer)))
            {
                ReferenceCase.AssertClose(Of(layer, "mask"), mask);
            }

            return layerBy(net);
        })]));

    /// <summary>Their scale, <c>log scale = s / (1 + |s / log 0.001|)</c>: between 0.001 and 1000.</summary>
    private sealed class SoftClip : ScaleMap
    {
        public override Tensor LogScale(Tensor raw) => raw / (1 + (raw / Math.Log(1e-3)).abs());
    }
}
