using Bijectors.Tests.Numerical;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>TarFlow and Jet: what samples cost, which parts condition which.</summary>
public sealed class TransformerModelTests : NumericalTest
{
    private static readonly Shape s_image = Shape.Image(1, 4, 6);
    private static readonly TarFlowOptions s_tarFlow = new() { Patch = 2, Blocks = 3, Layers = 1, Hidden = 8 };

    [Fact]
    public void Samples_with_kept_keys_and_values_are_those_of_whole_evaluations()
    {
        using var ungraded = no_grad();
        var flow = Moved(TarFlow.Create(s_image, s_tarFlow, levels: 17));
        var z = Random(3, 6, 4);
        var expected = flow.Decode(z);
        foreach (var layer in flow.modules().OfType<MaskedAutoregressive>())
        {
            layer.Solution = CausalSolution.Jacobi(0);
        }

        AssertClose(flow.Decode(z), expected, 1e-10);
    }

    [Fact]
    public void A_sample_reads_every_token_once_and_evaluates_no_whole_network()
    {
        using var ungraded = no_grad();
        var net = new Counted(new CausalTransformer(4, 6, 8, 2, Generator));
        var layer = new MaskedAutoregressive(net);
        layer.Inverse(randn([5, 6, 4], generator: Generator));
        Assert.Equal((0, 6), (net.Evaluations, net.Tokens));
        layer.Solution = CausalSolution.Jacobi(0);
        layer.Inverse(randn([5, 6, 4], generator: Generator));
        Assert.InRange(net.Evaluations, 1, 6);
    }

    [Theory]
    [InlineData(0, 2, 2, 2)]
    [InlineData(5, 2, 2, 5)]
    public void The_last_block_may_be_deeper(int deep, params int[] expected)
    {
        using var flow = TarFlow.Create(s_image, s_tarFlow with { Layers = 2, DeepLayers = deep });
        Assert.Equal(expected, flow.modules().OfType<CausalTransformer>().Select(net => net.BlockCount));
    }

    [Fact]
    public void Every_other_block_goes_through_the_patches_backwards()
    {
        using var ungraded = no_grad();
        foreach (var (blocks, isLastAlone) in new[] { (1, true), (2, false) })
        {
            // In one block the last patch conditions none, in the second, which begins with it, all.
            var flow = Moved(TarFlow.Create(s_image, s_tarFlow with { Blocks = blocks }));
            var x = Random(1, 1, 4, 6);
            var changed = x.clone();
            changed[.., .., 2..4, 4..6] += 1;
            var moved = (flow.Encode(changed).Z - flow.Encode(x).Z).abs().amax([0, 2]) > 1e-9;
            Assert.Equal(
                Enumerable.Range(0, 6).Select(patch => patch == 5 || !isLastAlone), moved.data<bool>().ToArray());
        }
    }

    [Fact]
    public void A_spatial_coupling_maps_one_colour_of_a_checkerboard_by_the_other()
    {
        using var ungraded = no_grad();
        var options = new JetOptions { Patch = 2, Couplings = 1, SpatialEvery = 1, Hidden = 8 };
        var flow = Moved(Jet.Create(s_image, options));
        var x = Random(1, 1, 4, 6);

        // The patches (0, 0), black, and (0, 1), white.
        Assert.Equal([true, true, false, true, false, true], MovedBy(0));
        Assert.Equal([false, true, false, false, false, false], MovedBy(1));

        bool[] MovedBy(int column)
        {
            var changed = x.clone();
            changed[.., .., 0..2, (2 * column)..((2 * column) + 2)] += 1;
            var moved = (flow.Encode(changed).Z - flow.Encode(x).Z).abs().amax([0, 2]) > 1e-9;
            return moved.data<bool>().ToArray();
        }
    }

    [Fact]
    public void A_coupling_of_channels_leaves_half_of_each_patch()
    {
        using var ungraded = no_grad();
        var flow = Moved(Jet.Create(s_image, new() { Patch = 2, Couplings = 1, Hidden = 8 }));
        var x = Random(1, 1, 4, 6);
        var changed = x.clone();
        changed[.., .., 0..2, 0..2] += 1;

        // Of the other patches.
        var moved = (flow.Encode(changed).Z - flow.Encode(x).Z)[.., 1..].abs().amax([0, 1]) > 1e-9;
        Assert.Equal([false, false, true, true], moved.data<bool>().ToArray());
    }

    [Fact]
    public void Patches_of_a_jet_are_even_in_number_by_default()
    {
        Assert.Equal(7, Jet.OptionsFor(Shape.Image(1, 28, 28)).Patch);
        Assert.Equal(4, Jet.OptionsFor(Shape.Image(3, 32, 32)).Patch);
        Assert.Equal(4, TarFlow.OptionsFor(Shape.Image(1, 28, 28)).Patch);
        Assert.Equal(new JetOptions(), Jet.OptionsFor(Shape.Vector(3)));
        Assert.Throws<ShapeException>(() => Jet.Create(Shape.Image(1, 28, 28), new() { Patch = 4 }));
    }

    private Flow Moved(Flow flow)
    {
        flow.to(ScalarType.Float64);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(randn(parameter.shape, ScalarType.Float64, generator: Generator), alpha: 0.1);
        }

        return flow;
    }

    /// <summary>Counts what is asked of a network.</summary>
    private sealed class Counted : CausalConditioner
    {
        private readonly CausalTransformer net;

        public Counted(CausalTransformer net)
            : base(contextSize: 0)
        {
            this.net = net;
            RegisterComponents();
        }

        public int Evaluations { get; private set; }

        public int Tokens { get; private set; }

        public override int EventRank => net.EventRank;

        public override int FeatureAxis => net.FeatureAxis;

        public override int CausalAxis => net.CausalAxis;

        public override Shape OutputShape(Shape input) => net.OutputShape(input);

        public override Tensor Evaluate(Tensor input, Tensor? context)
        {
            Evaluations++;
            return net.Evaluate(input, context);
        }

        public override ConditionerPass Begin(Tensor like, Tensor? context) => new Pass(this, net.Begin(like, context));

        private sealed class Pass(Counted counted, ConditionerPass pass) : ConditionerPass(counted)
        {
            public override Tensor Evaluate()
            {
                counted.Tokens++;
                return pass.Evaluate();
            }

            public override void Append(Tensor entry) => pass.Append(entry);

            protected override void Dispose(bool disposing) => pass.Dispose();
        }
    }
}
