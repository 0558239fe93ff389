using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>What a stranger does wrong is answered in a sentence: whose, expected, got, what to do.</summary>
public sealed class SentenceTests : PitfallTest
{
    [Fact]
    public void A_forgotten_inversion_of_the_usual_map_is_named()
    {
        foreach (var domain in new[] { Domain.Positive, Domain.Unit, Domain.Interval(2, 5), Domain.Simplex })
        {
            var exception = Assert.Throws<DomainException>(() =>
                Flow.On(Shape.Vector(3)).Then(Bijector.To(domain)).AffineCoupling(4).Into(Distribution.StandardNormal));
            Assert.Contains("begins with ~Bijector.To(domain)", exception.Message, StringComparison.Ordinal);
        }

        var other = Assert.Throws<DomainException>(
            () => Flow.On(Shape.Vector(3)).Then(new Softplus()).Into(Distribution.StandardNormal));
        Assert.DoesNotContain("Bijector.To", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_gives_another_size_than_it_says_is_named()
    {
        var coupling = new AffineCoupling(new Lying(4));
        Assert.Equal(
            "Lying.Evaluate: expected (5, 4) for an input (5, 2), as its OutputShape says, got (5, 2).",
            Assert.Throws<ShapeException>(() => coupling.Forward(zeros(5, 4))).Message);
    }

    [Fact]
    public void A_flow_that_is_disposed_says_so()
    {
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.DiagonalNormal);
        flow.Dispose();
        foreach (var use in new Action[] { () => flow.LogProb(zeros(1, 2)), () => flow.Sample(2) })
        {
            Assert.StartsWith(
                "Flow: expected one that is in use, got one that has been disposed",
                Assert.Throws<ObjectDisposedException>(use).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ObjectDisposedException>(() => flow.Layers[0].Forward(zeros(1, 2)));
    }

    [Fact]
    public void Points_and_contexts_that_are_disposed_are_named()
    {
        using var flow = Flow.On(Shape.Vector(2)).Conditional(1).AffineCoupling(4).Into(Distribution.StandardNormal);
        var (gone, points, context) = (zeros(1, 2), zeros(1, 2), zeros(1, 1));
        gone.Dispose();
        using var noContext = zeros(1, 1);
        noContext.Dispose();
        Assert.All(
            (Action[])
            [
                () => flow.LogProb(gone, context), () => flow.Encode(gone, context), () => flow.Decode(gone, context),
                () => flow.Layers[0].Forward(gone, context),
            ],
            use => Assert.Contains(
                ": expected points, got a tensor that has been disposed;",
                Assert.Throws<ObjectDisposedException>(use).Message));
        Assert.All(
            (Action[])
            [
                () => flow.LogProb(points, noContext), () => flow.Sample(2, noContext),
                () => flow.Layers[0].Forward(points, noContext),
            ],
            use => Assert.Contains(
                ": expected a context, got a tensor that has been disposed;",
                Assert.Throws<ObjectDisposedException>(use).Message));
    }

    [Fact]
    public void Samples_of_a_bound_have_a_limit_and_bounds_a_standard_error()
    {
        var flow = Flow.On(Shape.Vector(1)).Dequantize(4).Logit().Into(Distribution.StandardNormal);
        var x = tensor(new[] { 1f, 2 }).reshape(2, 1);
        Assert.StartsWith(
            "Flow.LowerBound: expected 1 to 1000000 samples",
            Assert.Throws<ArgumentOutOfRangeException>(() => flow.LowerBound(x, samples: int.MaxValue)).Message,
            StringComparison.Ordinal);
        var (mean, error) = flow.EstimateLowerBound(x, samples: 2, draws: 50, generator: Generator);
        Assert.Equal([2], mean.shape);
        Assert.True((error > 0).all().item<bool>() && (error < 0.2).all().item<bool>());
        var tighter = flow.LowerBound(x, samples: 5000, generator: Generator).to(ScalarType.Float64);
        Assert.True((mean < tighter + (4 * error)).all().item<bool>());
        var (exact, none) = Flow.On(Shape.Vector(1)).Then(new Sinh()).Into(Distribution.StandardNormal)
            .EstimateLowerBound(x);
        Assert.True(exact.isfinite().all().item<bool>() && (none == 0).all().item<bool>());
    }

    [Fact]
    public void Negative_sizes_are_refused_by_the_step_that_has_them()
    {
        var flow = Flow.On(Shape.Vector(4));
        Refused("AffineCoupling: expected a hidden width of 1 or more, got -1.", () => flow.AffineCoupling(-1));
        Refused("AffineCoupling: expected a number of blocks of 0 or more, got -2.", () => flow.AffineCoupling(4, -2));
        Refused(
            "RationalQuadraticSpline: expected a number of bins of 1 or more, got 0.",
            () => flow.Coupling(Transformer.RationalQuadratic(bins: 0), 4));
        Refused(
            "Repeat: expected a number of repetitions of 0 or more, got -1.", () => flow.Repeat(-1, layer => layer));
        Refused(
            "ResidualMlp: expected a hidden width of 1 or more, got 0.", () => new ResidualMlp(1, 1, 0, 1, Generator));

        static void Refused(string message, Func<object> make) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(make).Message);
    }

    [Fact]
    public void A_loss_that_trains_nothing_is_refused()
    {
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.StandardNormal);
        Assert.Equal(
            "Given.Loss: expected a tensor of one number, got null.",
            Assert.Throws<InvalidOperationException>(() => Train(new Given(flow, () => null!))).Message);
        Assert.StartsWith(
            "Given.Loss: expected a loss that depends on the parameters of its module, got one without a gradient",
            Assert.Throws<InvalidOperationException>(() => Train(new Given(flow, () => tensor(1f)))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_schedule_that_gives_no_rate_is_named_with_the_step(double rate, string text)
    {
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.StandardNormal);
        var options = new TrainingOptions { Steps = 9, Schedule = new Broken(rate) };
        var data = new TrainingData(randn(20, 2));
        Assert.Equal(
            $"Broken: expected a finite learning rate of 0 or more for step 4, got {text}.",
            Assert.Throws<ArgumentException>(() => Trainer.Train(flow, data, options)).Message);
    }

    [Fact]
    public void A_context_that_is_no_number_is_blamed_on_the_context()
    {
        var flow = Flow.On(Shape.Vector(2)).Conditional(1).AffineCoupling(4).Into(Distribution.StandardNormal);
        var data = new TrainingData(randn(20, 2), TrainContext: full([20, 1], float.NaN));
        Assert.Contains(
            "the context of the batch holds it",
            Assert.Throws<NonFiniteLossException>(() => Trainer.Train(flow, data, new() { Steps = 2 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_looks_at_validations_is_refused_where_there_are_none()
    {
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.StandardNormal);
        var data = new TrainingData(randn(20, 2));
        Assert.Equal(
            "TrainingOptions.Patience: expected an objective that is validated, got MaximumLikelihood without; give "
            + "validation items, or leave Patience out.",
            Assert.Throws<ArgumentException>(
                () => Trainer.Train(flow, data, new() { Steps = 2, Patience = 3 })).Message);
        var plateau = new TrainingOptions { Steps = 2, Schedule = Schedule.ReduceOnPlateau() };
        Assert.StartsWith(
            "TrainingOptions.Schedule: expected",
            Assert.Throws<ArgumentException>(() => Trainer.Train(flow, data, plateau)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Trainer.Train(
            new Given(flow, () => flow.LogProb(zeros(1, 2)).sum()), BatchSource.Empty(2),
            new() { Steps = 4, Patience = 1 }));
    }

    [Fact]
    public void Items_of_any_real_dtype_are_brought_to_that_of_the_flow()
    {
        var items = arange(40, dtype: ScalarType.Int64).reshape(20, 2) % 7;
        var (first, second) = (Loss(items), Loss(items.to(ScalarType.Float64)));
        Assert.Equal(first, Loss(items.to(ScalarType.Float32)));
        Assert.Equal(first, second);
        Assert.StartsWith(
            "TrainingData.Train: expected real numbers, got Bool",
            Assert.Throws<ArgumentException>(() => Loss(items.to(ScalarType.Bool))).Message, StringComparison.Ordinal);

        static double Loss(Tensor items)
        {
            using var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.StandardNormal);
            return Trainer.Train(flow, new TrainingData(items), new() { Steps = 3 }).History[^1].TrainLoss;
        }
    }

    [Fact]
    public void A_checkpoint_in_the_way_and_a_rule_of_zero_steps_are_told_as_such()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("bijectors-").FullName, "run.safetensors");
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Into(Distribution.StandardNormal);
        var data = new TrainingData(randn(20, 2));
        Trainer.Train(flow, data, new() { Steps = 2, Checkpoints = new(path) });
        Assert.Equal(
            $"{path}: expected no checkpoint where a run begins, got one; go on from it (Resume, --resume), delete it, "
            + "or take another path.",
            Assert.Throws<CheckpointException>(() =>
                Trainer.Train(flow, data, new() { Steps = 2, Checkpoints = new(path) })).Message);
        Assert.Equal(
            "Checkpoints.EverySteps: expected 1 or more, or null, got 0.",
            Assert.Throws<ArgumentException>(() => Trainer.Train(
                flow, data, new() { Steps = 2, Checkpoints = new(path + "x") { EverySteps = 0 } })).Message);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_flow_as_a_text_is_its_shape_its_layers_and_its_base()
    {
        var flow = Flow.On(Shape.Vector(2)).AffineCoupling(4).Reverse().Into(Distribution.DiagonalNormal);
        Assert.Equal("Flow of (2), 2 layers into LocationScale(StandardNormal)", flow.ToString());
    }

    private static void Train(Objective objective) =>
        Trainer.Train(objective, BatchSource.Empty(2), new TrainingOptions { Steps = 2 });

    private sealed class Lying(long outputs) : Conditioner(contextSize: 0)
    {
        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => input.With(-1, outputs);

        public override Tensor Evaluate(Tensor input, Tensor? context) => input.clone();
    }

    private sealed class Given(Flow flow, Func<Tensor> loss) : Objective(flow)
    {
        public override Tensor Loss(Batch batch, Generator noise) => loss();
    }

    private sealed class Broken(double rate) : Schedule
    {
        public override double Rate(double peak, RunPosition at) => at.Step < 3 ? peak : rate;

        public override string ToString() => "Broken";
    }
}
