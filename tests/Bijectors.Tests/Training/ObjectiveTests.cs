using Bijectors.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class ObjectiveTests : IDisposable
{
    private const int Levels = 4;

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Any_module_is_trained_by_any_objective_and_more_may_be_better()
    {
        var line = nn.Linear(1, 1);
        var source = BatchSource.Sampler(Points, batchesPerEpoch: 20);
        var options = new TrainingOptions { Epochs = 10, LearningRate = 0.1, WarmupSteps = 0, CosineDecay = false };
        var result = Trainer.Train(new Regression(line), source, options);
        Assert.Equal((LossUnit.None, 200L, 10), (result.Unit, result.Steps, result.History.Count));
        Assert.InRange(line.weight.item<float>(), 1.9f, 2.1f);
        Assert.InRange(line.bias!.item<float>(), -1.1f, -0.9f);
        Assert.Equal(result.History.Max(record => record.ValidationLoss), result.BestValidationLoss);
        Assert.InRange(result.BestValidationLoss!.Value, 0.99, 1);
    }

    [Fact]
    public void The_short_form_is_maximum_likelihood()
    {
        var options = new TrainingOptions { Steps = 9, BatchSize = 50, EmaDecay = 0.9 };
        var (train, validation) = (Toy.Points(200, 1), Toy.Points(40, 2));
        using var first = Toy.Flow();
        using var second = Toy.Flow();
        var brief = Trainer.Train(first, new TrainingData(train, validation), options);
        var objective = new MaximumLikelihood(second, validation, batchSize: 50);
        var whole = Trainer.Train(objective, BatchSource.Items(train, batchSize: 50), options);
        Assert.True(Toy.Weights(first).Equals(Toy.Weights(second)));
        Assert.Equal(brief.BestValidationLoss, whole.BestValidationLoss);
    }

    [Fact]
    public void Where_a_density_is_only_bounded_the_bound_is_trained_and_validated()
    {
        using var flow = Bounded();
        Assert.False(flow.HasExactLogProb);
        var levels = (Toy.Points(400, 1).narrow(1, 0, 1) + 2).clamp(0, Levels - 1).floor();
        var data = new TrainingData(levels, levels.narrow(0, 0, 100));
        var options = new TrainingOptions { Epochs = 20, BatchSize = 40, LearningRate = 2e-2, ValidationDraws = 4 };
        var result = Trainer.Train(flow, data, options);

        // Nothing is below the entropy of the validation levels.
        var shares = Enumerable.Range(0, Levels)
            .Select(level => (levels.narrow(0, 0, 100) == level).sum().item<long>() / 100.0).Where(share => share > 0);
        var entropy = -shares.Sum(share => share * Math.Log(share));
        Assert.InRange(result.BestValidationLoss!.Value, entropy, result.History[0].ValidationLoss!.Value - 0.1);
        Assert.Empty(result.ValidationItemsLeftOut);
    }

    [Fact]
    public void Reverse_kl_brings_a_distribution_to_a_density_known_up_to_a_constant()
    {
        var q = Distribution.DiagonalNormal(Shape.Vector(2));

        // Means 1 and -1, deviations 0.5 and 0.5; the constant is 10.
        static Tensor LogDensity(Tensor x) => 10 - 2 * (x - tensor(new[] { 1f, -1f })).square().sum(dim: 1);
        var options = new TrainingOptions { Epochs = 6, LearningRate = 0.05 };
        var result = Trainer.Train(new ReverseKl(q, LogDensity), BatchSource.Empty(), options);

        // KL(q || p) = 0 in the end: what is left is -log of the integral of exp(10 - ...), which is e^10 pi / 2.
        Assert.Equal(-10 - Math.Log(Math.PI / 2), result.BestValidationLoss!.Value, 0.02);
        Assert.Equal(LossUnit.Nats, result.Unit);
        using var generator = new Generator(3);
        var x = q.Sample(4000, generator: generator);
        Assert.True((x.mean([0L]) - tensor(new[] { 1f, -1f })).abs().max().item<float>() < 0.05);
        Assert.True((x.std(dim: 0) - 0.5).abs().max().item<float>() < 0.05);
    }

    [Fact]
    public void Reverse_kl_of_a_conditional_distribution_takes_the_contexts_of_the_batches()
    {
        using var flow = Toy.Conditional();
        static Tensor LogDensity(Tensor x, Tensor? c) =>
            -2 * (x - cat([c!, -c!], 1)).square().sum(dim: 1);
        var source = BatchSource.Sampler(g => new Batch(empty(0), 2 * randn(128, 1, generator: g)), 60);
        var options = new TrainingOptions { Epochs = 6, LearningRate = 1e-2 };
        var result = Trainer.Train(new ReverseKl(flow, LogDensity), source, options);
        Assert.InRange(result.History[^1].TrainLoss, -Math.Log(Math.PI / 2) - 0.1, -Math.Log(Math.PI / 2) + 0.2);
    }

    [Fact]
    public void Reverse_kl_says_what_it_cannot_train()
    {
        static Tensor LogDensity(Tensor x) => -x.square().sum(dim: 1);
        Assert.Contains("a density that takes a context", Message(() => new ReverseKl(Toy.Conditional(), LogDensity)));
        Assert.Contains(", which has ", Message(() => new ReverseKl(Bounded(), LogDensity)));
        using var flow = Toy.Flow();
        Assert.Contains(
            "expected a log-density (256), got (256, 2)",
            Message(() => Trainer.Train(new ReverseKl(flow, x => -x), BatchSource.Empty())));

        static string Message(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
    }

    [Fact]
    public void A_log_density_that_is_not_finite_is_named()
    {
        using var flow = Toy.Flow();
        var objective = new ReverseKl(flow, x => x.select(1, 0).log());
        var exception = Assert.Throws<NonFiniteLossException>(() => Trainer.Train(objective, BatchSource.Empty()));
        Assert.Contains("the given log-density is not finite at a sample", exception.Message);
        var broken = new Broken(flow);
        exception = Assert.Throws<NonFiniteLossException>(() => Trainer.Train(broken, BatchSource.Empty()));
        Assert.Contains("the loss is NaN; it is what Broken makes of a batch", exception.Message);
    }

    [Fact]
    public void A_loss_that_is_not_one_number_is_refused()
    {
        using var flow = Toy.Flow();
        var exception = Assert.Throws<ShapeException>(() => Trainer.Train(new Wide(flow), BatchSource.Empty()));
        Assert.Equal("Wide.Loss: expected one number, (), got (3).", exception.Message);
    }

    [Theory]
    [InlineData(1, 2, false, true)]
    [InlineData(2, 1, false, false)]
    [InlineData(2, 1, true, true)]
    [InlineData(1, double.NaN, true, true)]
    public void Scores_are_compared_by_what_is_better(double value, double other, bool moreIsBetter, bool better) =>
        Assert.Equal(better, ValidationScore.Of(value).IsBetterThan(ValidationScore.Of(other), moreIsBetter));

    public void Dispose() => _scope.Dispose();

    private static Flow Bounded() => Flow.On(Shape.Vector(1))
        .Then(_ => new VariationalDequantization(
            Levels, Flow.On(Shape.Vector(1)).Then(new Logit()).Into(Distribution.DiagonalNormal)))
        .Then(new Scale(1.0 / Levels)).Then(new Logit())
        .Into(Distribution.DiagonalNormal);

    private static Batch Points(Generator generator)
    {
        var x = randn(64, 1, generator: generator);
        return new Batch(x, 2 * x - 1);
    }

    /// <summary>A squared error, validated by the share of the variance that is explained.</summary>
    private sealed class Regression(Linear line) : Objective(line)
    {
        public override bool MoreIsBetter => true;

        public override Tensor Loss(Batch batch, Generator noise) =>
            (line.call(batch.Items) - batch.Context!).square().mean();

        public override ValidationScore Validate(int seed)
        {
            using var noise = new Generator((ulong)seed);
            var batch = Points(noise);
            Assert.False(line.training || is_grad_enabled());
            return ValidationScore.Of(1 - Loss(batch, noise).ToDouble() / batch.Context!.var().ToDouble());
        }
    }

    private sealed class Broken(Flow flow) : Objective(flow)
    {
        public override Tensor Loss(Batch batch, Generator noise) => Module.parameters().First().sum() * double.NaN;
    }

    private sealed class Wide(Flow flow) : Objective(flow)
    {
        public override Tensor Loss(Batch batch, Generator noise) => zeros(3);
    }

    private sealed class ReverseKlRun : ObjectiveRun
    {
        public override (Objective Objective, BatchSource Source) Make(Flow flow) =>
            (new ReverseKl(flow, x => -x.square().sum(dim: 1), 20, 50), BatchSource.Empty(4));
    }
}
