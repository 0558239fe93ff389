using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>The masks of a masked network are state: what is loaded is what every way through the network
/// obeys.</summary>
public sealed class MadeMaskTests : NumericalTest
{
    private const int Features = 6;
    private const int Hidden = 21;

    public static TheoryData<int, int> RowsAndContexts => new()
    {
        { 5, 0 }, { 40, 0 }, { 400, 0 }, { 5, 2 }, { 40, 2 }, { 400, 2 },
    };

    [Theory]
    [MemberData(nameof(RowsAndContexts))]
    public void Loaded_masks_are_obeyed_everywhere(int rows, int contextSize)
    {
        using var gradients = no_grad();
        var layer = Layer(contextSize);
        Load(layer, [4, 1, 5, 0, 3, 2], Drawn(contextSize), contextSize);
        AssertObeys(layer, rows, contextSize);
    }

    [Theory]
    [MemberData(nameof(RowsAndContexts))]
    public void A_network_in_use_takes_masks_up(int rows, int contextSize)
    {
        using var gradients = no_grad();
        var layer = Layer(contextSize);
        AssertObeys(layer, rows, contextSize);
        foreach (var order in (int[][])[[5, 4, 3, 2, 1, 0], [0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4]])
        {
            Load(layer, order, Drawn(contextSize), contextSize);
            AssertObeys(layer, rows, contextSize);
        }
    }

    [Fact]
    public void A_flow_that_is_loaded_samples_what_it_scores()
    {
        using var gradients = no_grad();
        var source = Layer(0);
        Load(source, [2, 0, 1, 5, 4, 3], Drawn(0), 0);
        var flow = new Flow(Shape.Vector(Features), Layer(0), Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        flow.Transform.load_state_dict(source.state_dict());
        foreach (var sampler in (Flow[])[flow, flow.Frozen()])
        {
            foreach (var count in (int[])[5, 40, 400])
            {
                var (x, logProb) = sampler.SampleWithLogProb(count, generator: Generator);
                var (z, logDet) = new MaskedByHand(State(source)).Map(x, null);
                var expected = logDet - ((z * z) + Math.Log(2 * Math.PI)).sum(dim: -1) / 2;
                AssertClose(expected, logProb, 1e-9);
                AssertClose(expected, sampler.LogProb(x), 1e-9);
            }
        }
    }

    [Fact]
    public void Masks_that_are_reached_as_buffers_are_obeyed_too()
    {
        using var gradients = no_grad();
        var layer = Layer(0);
        var other = Layer(0);
        Load(other, [4, 1, 5, 0, 3, 2], Drawn(0), 0);
        var masks = State(other);
        var net = layer.modules().OfType<Made>().Single();
        Action[] writes =
        [
            () => net.get_buffer("inputMask")!.copy_(masks["inputMask"]),
            () => layer.named_buffers().Single(row => row.name == "net.hiddenMask").buffer.copy_(masks["hiddenMask"]),
            () => net.named_buffers(recurse: false).Single(row => row.name == "outputMask").buffer.copy_(
                masks["outputMask"]),
        ];
        AssertObeys(layer, 40, 0);
        foreach (var write in writes)
        {
            write();
        }

        AssertObeys(layer, 40, 0);
        Assert.Equal([4, 1, 5, 0, 3, 2], net.Order);
    }

    [Theory]
    [InlineData("inputMask")]
    [InlineData("hiddenMask")]
    [InlineData("outputMask")]
    public void Masks_of_no_degrees_are_refused(string name)
    {
        using var gradients = no_grad();
        var layer = Layer(2);
        var mask = layer.state_dict()["net." + name];
        mask[4, 3] = 1 - mask[4, 3];
        foreach (var rows in (int[])[5, 40])
        {
            var (x, context) = (Random(rows, Features), Random(rows, 2));
            Action[] uses = [() => layer.Forward(x, context), () => layer.Inverse(x, context), () => Frozen(layer)];
            foreach (var use in uses)
            {
                var message = Assert.Throws<InvalidOperationException>(use).Message;
                Assert.StartsWith("Made: expected masks that come from one order of the features", message);
                Assert.Contains(name, message);
            }
        }

        mask[4, 3] = 1 - mask[4, 3];
        AssertObeys(layer, 40, 2);
    }

    [Fact]
    public void Gradients_follow_the_masks()
    {
        var layer = Layer(0);
        using (no_grad())
        {
            Load(layer, [3, 5, 0, 1, 4, 2], Drawn(0), 0);
        }

        var (x, weights) = (Random(40, Features).requires_grad_(), Random(40, Features));
        var state = State(layer);
        Tensor[] leaves = [x, .. layer.parameters()];
        var expected = GradientsOf(() => new MaskedByHand(state).Map(x, null).Y, weights, leaves);
        foreach (var (right, ours) in expected.Zip(GradientsOf(() => layer.Forward(x), weights, leaves)))
        {
            AssertClose(right, ours, 1e-10);
        }

        expected = GradientsOf(() => new MaskedByHand(state).Map(x, null).Y.pow(3).sum(-1), weights[.., 0], leaves);
        foreach (var (right, ours) in expected
            .Zip(GradientsOf(() => layer.Forward(x).pow(3).sum(-1), weights[.., 0], leaves)))
        {
            AssertClose(right, ours, 1e-10);
        }
    }

    [Fact]
    public void Second_derivatives_follow_the_masks()
    {
        var layer = Layer(0);
        using (no_grad())
        {
            Load(layer, [3, 5, 0, 1, 4, 2], Drawn(0), 0);
        }

        var by = new MaskedByHand(State(layer));
        var x = Random(40, Features).requires_grad_();
        AssertClose(Second(x => by.Map(x, null).Y), Second(x => layer.Forward(x)), 1e-9);

        Tensor Second(Func<Tensor, Tensor> map)
        {
            var first = autograd.grad([map(x).sin().sum()], [x], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.pow(2).sum()], [x])[0];
        }
    }

    private static Bijector Frozen(MaskedAutoregressive layer) =>
        layer.Frozen(Shape.Vector(Features), ScalarType.Float64);

    private static Dictionary<string, Tensor> State(MaskedAutoregressive layer) =>
        layer.state_dict().ToDictionary(entry => entry.Key["net.".Length..], entry => entry.Value);

    private static Tensor Mask(int rows, int columns, Func<int, int, bool> counts) => tensor(
        (double[])[.. from row in Enumerable.Range(0, rows) from column in Enumerable.Range(0, columns)
            select counts(row, column) ? 1.0 : 0],
        [rows, columns]);

    /// <summary>Writes the masks of an order of the features and of degrees over those of a layer.</summary>
    private static void Load(MaskedAutoregressive layer, int[] order, int[] degrees, int contextSize)
    {
        var state = layer.state_dict();
        int Place(int feature) => Array.IndexOf(order, feature);
        state["net.inputMask"].copy_(Mask(
            Hidden, Features + contextSize, (unit, input) => input >= Features || Place(input) < degrees[unit]));
        state["net.hiddenMask"].copy_(Mask(Hidden, Hidden, (unit, input) => degrees[unit] >= degrees[input]));
        state["net.outputMask"].copy_(
            Mask(2 * Features, Hidden, (output, unit) => Place(output % Features) >= degrees[unit]));
    }

    private int[] Drawn(int contextSize) =>
        [.. randint(contextSize > 0 ? 0 : 1, Features, Hidden, generator: Generator).data<long>()
            .Select(degree => (int)degree)];

    private MaskedAutoregressive Layer(int contextSize)
    {
        var net = new Made(Features, Hidden, 2, Generator, contextSize);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.5, Generator);
        }

        net.to(ScalarType.Float64);
        return new(net);
    }

    private void AssertObeys(MaskedAutoregressive layer, int rows, int contextSize)
    {
        var (x, context) = (Random(rows, Features), contextSize == 0 ? null : Random(rows, contextSize));
        var byHand = new MaskedByHand(State(layer));
        var (y, logDet) = byHand.Map(x, context);
        AssertClose(x, byHand.Invert(y, context), 1e-7);
        foreach (var map in (Bijector[])[layer, Frozen(layer)])
        {
            var (ours, ourLogDet) = map.ForwardWithLogDet(x, context);
            AssertClose(y, ours, 1e-10);
            AssertClose(logDet, ourLogDet, 1e-10);
            AssertClose(y, map.Forward(x, context), 1e-10);
            var (back, backLogDet) = map.InverseWithLogDet(y, context);
            AssertClose(x, back, 1e-7);
            AssertClose(-logDet, backLogDet, 1e-7);
            AssertClose(x, map.Inverse(y, context), 1e-7);
            var layerOfMap = Assert.IsType<MaskedAutoregressive>(map);
            layerOfMap.Solution = CausalSolution.Jacobi(0);
            AssertClose(x, map.Inverse(y, context), 1e-7);
            layerOfMap.Solution = CausalSolution.Incremental;
        }
    }
}
