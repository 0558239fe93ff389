using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using Bijectors.Tests.Saving;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Networks that share all but their last layers.</summary>
public sealed class SharingTests : NumericalTest
{
    private static readonly ConvNetOptions s_hidden = new() { OutputGain = 1 };

    [Fact]
    public void The_trunk_reads_context_and_embedding_and_a_last_layer_follows()
    {
        using var gradients = no_grad();
        var trunk = new ResidualMlp(3, 6, 8, 1, Generator, 2 + 4, new() { OutputGain = 1 });
        var net = new SharingConditioner(trunk, 6, 10, 4, Generator);
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        var (x, context) = (Random(7, 3), Random(7, 2));
        var read = cat([context, state["embedding"].expand(7, 4)], -1);
        var expected = nn.functional.elu(trunk.Evaluate(x, read), 1).mm(state["last.weight"].T) + state["last.bias"];
        AssertClose(expected, net.Evaluate(x, context), 1e-12);
        AssertClose(expected, net.Frozen().Evaluate(x, context), 1e-12);
        AssertClose(net.Evaluate(x, context[0].expand(7, 2)), net.Evaluate(x, context[0]), 1e-12);
        Assert.Equal((2, 4, 6, 10), (net.ContextSize, net.EmbeddingSize, net.Units, net.Outputs));
    }

    [Fact]
    public void Of_images_the_last_layer_maps_the_channels_of_each_pixel()
    {
        using var gradients = no_grad();
        var trunk = new ConvNet(2, 5, 4, Generator, 3, s_hidden);
        var net = new SharingConditioner(trunk, 5, 4, 3, Generator);
        net.to(ScalarType.Float64);
        var state = net.state_dict();
        var x = Random(6, 2, 3, 4);
        var units = nn.functional.elu(trunk.Evaluate(x, state["embedding"]), 1);
        var expected = nn.functional.conv2d(
            units, state["lastOfImages.weight"], state["lastOfImages.bias"]);
        AssertClose(expected, net.Evaluate(x, null), 1e-12);
        AssertClose(expected, net.Frozen().Evaluate(x, null), 1e-12);
        AssertClose(expected.reshape(2, 3, 4, 3, 4), net.Evaluate(x.reshape(2, 3, 2, 3, 4), null), 1e-12);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void A_causal_last_layer_takes_the_numbers_of_one_feature(ScalarType dtype, double tolerance)
    {
        using var gradients = no_grad();
        var options = new MadeOptions { Outputs = 3, Order = [2, 0, 3, 1], OutputGain = 1 };
        var trunk = new Made(4, 9, 1, Generator, 2 + 5, options);
        var net = new SharingCausalConditioner(trunk, 4, 2, 5, Generator);
        net.to(dtype);
        var state = net.state_dict();
        var (x, context) = (Random(6, 4).to(dtype), Random(6, 2).to(dtype));
        var read = cat([context, state["embedding"].expand(6, 5)], -1);
        var units = nn.functional.elu(trunk.Evaluate(x, read), 1);
        var expected = zeros([6, 8], dtype);
        for (var feature = 0; feature < 4; feature++)
        {
            for (var output = 0; output < 2; output++)
            {
                var sum = state["bias"][feature, output].expand(6);
                for (var unit = 0; unit < 3; unit++)
                {
                    sum = sum + (state["weight"][(feature * 3) + unit, output] * units[.., (unit * 4) + feature]);
                }

                expected[.., (output * 4) + feature] = sum;
            }
        }

        expected = expected.to(ScalarType.Float64);
        AssertClose(expected, net.Evaluate(x, context).to(ScalarType.Float64), tolerance);
        AssertClose(expected, net.Frozen().Evaluate(x, context).to(ScalarType.Float64), tolerance);
        using var pass = net.Begin(x, context);
        foreach (var feature in options.Order)
        {
            var entry = pass.Evaluate().to(ScalarType.Float64);
            AssertClose(expected.index_select(-1, tensor([feature, 4L + feature])), entry, tolerance);
            pass.Append(x.narrow(-1, feature, 1));
        }
    }

    [Fact]
    public void Trunks_without_a_pass_of_their_own_on_tokens_and_without_an_embedding_keep_the_laws()
    {
        BijectorLaws.Check(
            () => new MaskedAutoregressive(new SharingCausalConditioner(
                new CausalConditionerTests.Before(4, 3, seed: 1, order: [2, 0, 3, 1]), 4, 2, 0, new Generator(3))),
            Shape.Vector(4));
        BijectorLaws.Check(
            () => new MaskedAutoregressive(new SharingCausalConditioner(
                new Made(3, 6, 1, new Generator(1), 2 + 3), 3, 2, 3, new Generator(3))),
            Shape.Vector(3), contextSize: 2);
        BijectorLaws.Check(
            () => new MaskedAutoregressive(new SharingCausalConditioner(
                new CausalTransformer(3, 4, hidden: 6, blockCount: 1, new Generator(1), contextSize: 2 + 3), 3, 2, 3,
                new Generator(3))),
            Shape.Of(4, 3), contextSize: 2);
        BijectorLaws.Check(
            () => new Coupling(
                new SharingConditioner(
                    new VisionTransformer(2, 5, 2, 6, 1, new Generator(1), contextSize: 3), 5, 16, 3, new Generator(2)),
                Transformer.RationalQuadratic(3), Partition.Alternating(-2)),
            Shape.Of(4, 2));
    }

    [Fact]
    public void The_gradient_of_a_trunk_is_the_sum_over_the_steps()
    {
        // The same steps, each with a trunk of its own that holds the same numbers.
        SharingConditioner[] shared = [.. Nets(3, new ResidualMlp(2, 6, 8, 1, Generator, 4, new() { OutputGain = 1 }))];
        SharingConditioner[] apart = [.. shared.Select(PieceTests.Again)];
        var (left, right) = (Chained(shared), Chained(apart));
        left.to(ScalarType.Float64);
        right.to(ScalarType.Float64);
        var (x, weights) = (Random(9, 4), Random(9));
        foreach (var f in (Bijector[])[left, right])
        {
            ((f.ForwardWithLogDet(x).LogDet + f.Forward(x).square().sum(-1)) * weights).sum().backward();
        }

        var own = shared[0].Trunk.named_parameters().ToDictionary(row => row.name, row => row.parameter.grad!);
        var summed = own.Keys.ToDictionary(
            name => name, name => apart.Select(net => net.Trunk.get_parameter(name)!.grad!).Aggregate((a, b) => a + b));
        Assert.All(own.Keys, name => AssertClose(summed[name], own[name], 1e-10));
        Assert.All(own.Keys, name => Assert.True(own[name].abs().max().item<double>() > 1e-8));

        // No step has it all.
        Assert.False(own["final.weight"].allclose(apart[0].Trunk.get_parameter("final.weight")!.grad!));
    }

    [Fact]
    public void A_network_of_ones_own_is_a_trunk_and_learns_where_it_starts_at_zero()
    {
        var trunk = new VisionTransformer(2, 8, 4, hidden: 16, blockCount: 2, Generator, contextSize: 4);
        var flow = Flow.On(Shape.Of(4, 4), seed: 1)
            .Repeat(6, step => step.Reverse().AffineCoupling(
                (read, mapped) => new SharingConditioner(trunk, 8, 2 * mapped[-1], embeddingSize: 4, Generator)))
            .Into(Distribution.StandardNormal);
        using (flow)
        {
            flow.LogProb(randn(9, 4, 4, generator: Generator)).sum().backward();
            Assert.Contains(trunk.named_parameters(), row => row.name.EndsWith("last.weight", StringComparison.Ordinal)
                && row.parameter.grad!.abs().max().item<float>() > 0);
        }
    }

    [Fact]
    public void An_embedding_is_no_context_of_the_flow()
    {
        static FlowBuilder Shared(FlowBuilder flow) => flow.Sharing(3, steps => steps
            .MaskedAutoregressive(hidden: 4).AffineCoupling(hidden: 4));

        using var flow = Shared(Flow.On(Shape.Vector(4), seed: 1)).Into(Distribution.StandardNormal);
        Assert.False(flow.Transform.ReadsContext);
        Assert.True(Shared(Flow.On(Shape.Vector(4), seed: 1).Conditional(2)).ToBijector().ReadsContext);
        var trunk = new ResidualMlp(2, 6, 8, 1, Generator, 3);
        Assert.Throws<ArgumentException>(() => Flow.On(Shape.Vector(4), seed: 1)
            .Conditional(2)
            .AffineCoupling((_, _) => new SharingConditioner(trunk, 6, 4, 3, Generator))
            .Into(Distribution.StandardNormal));
    }

    [Fact]
    public void A_declaration_says_which_steps_share()
    {
        var flow = Flow.On(Shape.Image(channels: 2, height: 4, width: 4), seed: 1)
            .Sharing(embeddingSize: 8, steps => steps.Repeat(16, step => step
                .ActNorm()
                .Conv1x1()
                .GlowCoupling(hidden: 16)))
            .Into(Distribution.StandardNormal);
        using (flow)
        {
            Assert.Single(Trunks(flow));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trunk_is_saved_once_and_remains_one(bool isCausal)
    {
        var folder = Directory.CreateTempSubdirectory("bijectors-").FullName;
        var file = Path.Combine(folder, "m.safetensors");
        using var flow = Declared(isCausal);
        Train(flow);
        flow.Save(file);
        using var loaded = Flow.Load(file);
        var (x, context) = (randn(5, 6, generator: Generator), randn(5, 2, generator: Generator));
        Assert.True(flow.LogProb(x, context).Equals(loaded.LogProb(x, context)));
        Assert.Single(Trunks(loaded));
        Assert.Equal(flow.ParameterCount, loaded.ParameterCount);

        // Twice the parameters of the trunk would be more than what else is in the file.
        var (tensors, metadata) = SafeTensors.Read(file);
        var parameters = tensors.Where(row => loaded.state_dict().ContainsKey(row.Key)).ToList();
        Assert.Equal(
            flow.ParameterCount + flow.buffers().Sum(buffer => buffer.numel()),
            parameters.Sum(row => row.Value.numel()));

        // A file with all names of each tensor is read too.
        var all = flow.state_dict().Concat(tensors.Where(row => !flow.state_dict().ContainsKey(row.Key)));
        SafeTensors.Write(file, all.ToDictionary(), metadata.Where(row => row.Key != "sha256").ToDictionary());
        using var whole = Flow.Load(file);
        Assert.True(flow.LogProb(x, context).Equals(whole.LogProb(x, context)));

        // Training goes on alike, so it goes on with one trunk.
        Train(flow);
        Train(loaded);
        Assert.Single(Trunks(loaded));
        Assert.True(flow.LogProb(x, context).Equals(loaded.LogProb(x, context)));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frozen_copy_has_the_density_and_samples_of_the_flow(bool isCausal)
    {
        using var flow = Declared(isCausal);
        Train(flow);
        using var gradients = no_grad();
        flow.to(ScalarType.Float64);
        using var frozen = flow.Frozen();
        var (x, context) = (Random(5, 6), Random(5, 2));
        AssertClose(flow.LogProb(x, context), frozen.LogProb(x, context), 1e-10);
        AssertClose(
            flow.Sample(5, context, new Generator(3)), frozen.Sample(5, context, new Generator(3)), 1e-10);
        Assert.Empty(frozen.parameters());
        Assert.False(flow.LogProb(x, context).allclose(flow.LogProb(x, context + 1)));
    }

    [Fact]
    public void Steps_of_one_width_and_one_shape_share_a_trunk_those_of_inner_flows_too()
    {
        using var flow = Flow.On(Shape.Image(2, 4, 4), seed: 1)
            .Sharing(3, steps => steps
                .GlowCoupling(4)
                .Reverse()
                .GlowCoupling(4)
                .GlowCoupling(6)
                .Mix(Axis.Channels, rows => rows.AffineCoupling(4).Reverse().AffineCoupling(4)))
            .GlowCoupling(4)
            .Into(Distribution.StandardNormal);
        Assert.Equal(3, Trunks(flow).Length);
        Assert.Equal(5, flow.modules().OfType<SharingConditioner>().Count());
        Assert.All(Trunks(flow), trunk => Assert.Equal(3, trunk.ContextSize));
    }

    [Theory]
    [InlineData("glow", "steps")]
    [InlineData("realnvp", "couplings")]
    [InlineData("nsf", "layers")]
    [InlineData("nice", "couplings")]
    [InlineData("maf", "layers")]
    [InlineData("naf", "layers")]
    public void In_the_zoo_further_layers_cost_few_parameters(string name, string layers)
    {
        var (model, shape) = (Models.Named(name), name is "glow" ? Shape.Image(2, 4, 4) : Shape.Vector(8));

        long Count(string count, string share)
        {
            var options = model.With(model.With(model.With(model.Defaults, layers, count), "share", share),
                "hidden", "32");
            using var flow = model.Create(shape, options, context: Shape.Vector(3));
            return flow.ParameterCount;
        }

        var (own, shared) = (Count("16", "0"), Count("16", "8"));
        Assert.True(shared < own / 2, $"{shared} of {own}");
        Assert.True(
            Count("32", "8") - shared < (Count("32", "0") - own) / 2,
            $"{Count("32", "8") - shared} of {Count("32", "0") - own}");

        // The first layer pays for the trunk, each further one the same.
        Assert.Equal(Count("32", "8") - shared, 2 * (Count("24", "8") - shared));
        Assert.True(shared > 2 * (Count("24", "8") - shared));
    }

    [Theory]
    [InlineData("glow")]
    [InlineData("realnvp")]
    [InlineData("nsf")]
    [InlineData("nice")]
    [InlineData("maf")]
    [InlineData("naf")]
    public void In_the_zoo_a_model_that_shares_learns_from_a_context(string name)
    {
        var model = Models.Named(name);
        var image = Shape.Image(1, 4, 4);
        using var flow = model.Create(
            image, model.With(model.With(model.Defaults, "share", "4"), "hidden", "16"), context: Shape.Vector(1));
        var context = randn(1000, 1, generator: Generator);
        var x = (2 * context).reshape(-1, 1, 1, 1) + (0.5 * randn([1000, 1, 4, 4], generator: Generator));
        Trainer.Train(
            flow, new TrainingData(x, TrainContext: context),
            new TrainingOptions { Steps = 200, BatchSize = 64, LearningRate = 1e-2, WarmupSteps = 10 });
        using var ungraded = no_grad();

        // The context moves every entry; another one's is one nat off for each, at the least.
        var difference = flow.LogProb(x, context) - flow.LogProb(x, context.flip(0));
        Assert.True(difference.mean().ToDouble() > 16, $"{difference.mean().ToDouble()}");
        var y = flow.Encode(x, context).Z;
        Assert.InRange((flow.Decode(y, context) - x).abs().max().ToDouble(), 0, 1e-2);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_sentence()
    {
        var trunk = new ResidualMlp(2, 6, 8, 1, Generator, 3);
        Assert.StartsWith(
            "SharingConditioner: expected a trunk whose context holds the embedding of size 4, got one that takes a "
            + "context of size 3.",
            Assert.Throws<ArgumentException>(() => new SharingConditioner(trunk, 6, 4, 4, Generator)).Message);
        Assert.StartsWith(
            "SharingConditioner: expected an embedding size of 0 or more, got -1.",
            Assert.ThrowsAny<ArgumentException>(() => new SharingConditioner(trunk, 6, 4, -1, Generator)).Message);
        Assert.StartsWith(
            "SharingConditioner: expected a trunk that gives 5 features, got (6).",
            Assert.Throws<ShapeException>(
                () => new SharingConditioner(trunk, 5, 4, 3, Generator).OutputShape(Shape.Vector(2))).Message);
        Assert.StartsWith(
            "SharingConditioner: expected a context of size 1, got none.",
            Assert.Throws<ArgumentException>(
                () => new SharingConditioner(trunk, 6, 4, 2, Generator).Evaluate(zeros(3, 2), null)).Message);
        Assert.StartsWith(
            "SharingCausalConditioner: expected last dimension 3, got (2).",
            Assert.Throws<ShapeException>(() => new SharingCausalConditioner(
                new Made(2, 6, 1, Generator), 3, 2, 0, Generator).OutputShape(Shape.Vector(2))).Message);
        Assert.StartsWith(
            "Sharing: expected steps that share no networks yet, got some inside of another Sharing.",
            Assert.Throws<InvalidOperationException>(() => Flow.On(Shape.Vector(4)).Sharing(
                1, steps => steps.Sharing(1, inner => inner.AffineCoupling(4)))).Message);
        Assert.StartsWith(
            "Glow: expected share of at least 0, got -1.",
            Assert.Throws<ArgumentException>(
                () => Glow.Create(Shape.Image(2, 4, 4), new() { Share = -1 })).Message);
    }

    private static Flow Declared(bool isCausal) => Flow.On(Shape.Vector(6), seed: 1)
        .Conditional(2)
        .Sharing(4, steps => steps.Repeat(3, layer => (isCausal
            ? layer.MaskedAutoregressive(hidden: 32, blocks: 1)
            : layer.AffineCoupling(hidden: 32, blocks: 1)).Reverse()))
        .Into(Distribution.StandardNormal);

    private static Conditioner[] Trunks(Flow flow) =>
    [
        .. flow.modules().Select(module => module switch
        {
            SharingConditioner net => net.Trunk,
            SharingCausalConditioner net => net.Trunk,
            _ => null,
        }).OfType<Conditioner>().Distinct(),
    ];

    private static void Train(Flow flow)
    {
        var generator = new Generator(5);
        var x = randn(200, 6, generator: generator);
        var context = x.narrow(-1, 0, 2) + randn(200, 2, generator: generator);
        Trainer.Train(
            flow, new TrainingData(x.exp(), TrainContext: context),
            new TrainingOptions { Steps = 20, BatchSize = 50, LearningRate = 1e-2 });
    }

    private static Bijector Chained(SharingConditioner[] nets) =>
        Chain.Of([.. nets.SelectMany(net => new Bijector[] { new AffineCoupling(net), new Reverse() })]);

    private IEnumerable<SharingConditioner> Nets(int count, Conditioner trunk) =>
        Enumerable.Range(0, count).Select(_ => new SharingConditioner(trunk, 6, 4, 4, Generator));
}
