using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions Short =
        new() { Epochs = 6, BatchSize = 100, LearningRate = 5e-3, WarmupSteps = 5 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TrainingData _data = new(Toy.Points(600, 1), Toy.Points(200, 2));

    [Fact]
    public void A_flow_learns_a_density_and_the_history_shows_it()
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, _data, Short with { Epochs = 30 });
        Assert.Equal(30, result.History.Count);
        Assert.Equal(180, result.Steps);
        Assert.Equal(StopReason.Completed, result.StopReason);
        Assert.Equal(LossUnit.Nats, result.Unit);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss - 0.3);
        // What the true density scores, and a little that a small flow may miss.
        Assert.InRange(result.BestValidationLoss!.Value, Toy.Entropy - 0.15, Toy.Entropy + 0.15);
        Assert.True(result.ItemsPerSecond > 0 && result.Seconds > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        var (first, weights) = Run(Short);
        var (again, sameWeights) = Run(Short);
        var (other, _) = Run(Short with { Seed = 1 });
        Assert.Equal(Losses(first), Losses(again));
        Assert.True(weights.Equals(sameWeights));
        Assert.NotEqual(Losses(first), Losses(other));
    }

    [Fact]
    public void A_copy_goes_on_as_the_flow_that_it_was_made_of()
    {
        using var flow = Toy.Flow();
        Trainer.Train(flow, _data, Short);
        using var copy = Toy.Flow();
        copy.load_state_dict(flow.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        var (went, other) =
            (Trainer.Train(flow, _data, Short with { Seed = 2 }), Trainer.Train(copy, _data, Short with { Seed = 2 }));
        Assert.Equal(Losses(went), Losses(other));
        Assert.True(Toy.Weights(flow).Equals(Toy.Weights(copy)));
        using var fresh = Toy.Flow();
        Assert.True(
            went.History[0].TrainLoss < Trainer.Train(fresh, _data, Short with { Seed = 2 }).History[0].TrainLoss);

        // What one of them learns, the other does not.
        var before = Toy.Weights(copy);
        Trainer.Train(flow, _data, Short);
        Assert.True(before.Equals(Toy.Weights(copy)));
    }

    [Fact]
    public void The_global_random_state_is_left_alone()
    {
        manual_seed(5);
        var expected = randn(4);
        manual_seed(5);
        Run(Short);
        Assert.True(expected.Equals(randn(4)));
    }

    [Fact]
    public void The_best_epoch_is_what_the_flow_holds_at_the_end()
    {
        using var flow = Toy.Flow();
        // A learning rate that wrecks the flow, so that the last epoch is not the best.
        var options = Short with { LearningRate = 0.3, CosineDecay = false, ClipNorm = null, Epochs = 8 };
        var result = Trainer.Train(flow, _data, options);
        var best = result.History.MinBy(epoch => epoch.ValidationLoss)!;
        Assert.NotEqual(result.History.Count, result.BestEpoch);
        Assert.Equal(best.Epoch, result.BestEpoch);
        Assert.Equal(best.ValidationLoss, result.BestValidationLoss);
        Assert.Equal(result.BestValidationLoss!.Value, Evaluation.Likelihood(flow, _data.Validation!).Nats, 5);
    }

    [Fact]
    public void Without_validation_the_last_epoch_is_kept()
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, new TrainingData(_data.Train), Short);
        Assert.Equal(6, result.BestEpoch);
        Assert.Null(result.BestValidationLoss);
        Assert.All(result.History, epoch => Assert.Null(epoch.ValidationLoss));
    }

    [Fact]
    public void Validations_can_be_spread_over_a_run_of_few_epochs_and_change_nothing_else()
    {
        var (plain, _) = Run(Short with { Epochs = 2 });
        var (result, weights) = Run(Short with { Epochs = 2, Validations = 4 });
        Assert.Equal([3L, 6, 9, 12], result.History.Select(record => record.Step));
        Assert.Equal([1, 1, 2, 2], result.History.Select(record => record.Epoch));
        Assert.All(result.History, record => Assert.NotNull(record.ValidationLoss));
        Assert.Equal(plain.History[0].ValidationLoss, result.History[1].ValidationLoss);
        Assert.Equal(result.History.MinBy(record => record.ValidationLoss)!.Step, result.BestStep);
        Assert.False(weights.isnan().any().item<bool>());
    }

    [Fact]
    public void Validations_that_would_take_too_much_of_the_time_are_left_out_but_never_the_last()
    {
        var (result, _) = Run(Short with { Validations = 12, ValidationShare = 1e-9 });
        Assert.NotNull(result.History[0].ValidationLoss);
        Assert.All(result.History.Skip(1).SkipLast(1), record => Assert.Null(record.ValidationLoss));
        Assert.Equal((36L, 6), (result.History[^1].Step, result.History[^1].Epoch));
        Assert.NotNull(result.History[^1].ValidationLoss);
    }

    [Fact]
    public void Patience_ends_a_run_that_gets_no_better()
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, _data,
            Short with { LearningRate = 0.3, CosineDecay = false, ClipNorm = null, Epochs = 200, Patience = 3 });
        Assert.Equal(StopReason.EarlyStop, result.StopReason);
        Assert.Equal(result.BestEpoch + 3, result.History.Count);
    }

    [Fact]
    public void Cancelling_stops_after_the_step_and_keeps_what_is_trained()
    {
        using var flow = Toy.Flow();
        using var source = new CancellationTokenSource();
        var progress = new Heard(report =>
        {
            if (report.Epoch == 3)
            {
                source.Cancel();
            }
        });
        var result = Trainer.Train(flow, _data, Short with { Epochs = 1000 }, progress, source.Token);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.InRange(result.History.Count, 3, 4);
        Assert.Equal(result.BestValidationLoss!.Value, Evaluation.Likelihood(flow, _data.Validation!).Nats, 5);
    }

    [Fact]
    public void Cancelled_before_it_began_a_run_does_nothing()
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, _data, Short, cancellation: new CancellationToken(true));
        Assert.Equal((StopReason.Cancelled, 0L, 0), (result.StopReason, result.Steps, result.History.Count));
    }

    [Theory]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void A_validation_item_without_density_is_named_and_left_out(float bad)
    {
        var x = (rand(400, 1, generator: new Generator(1)).pow(3) * 0.98) + 0.01;
        var (train, validation) = (x.narrow(0, 20, 380), x.narrow(0, 0, 20).clone());
        var options = new TrainingOptions { Epochs = 10, LearningRate = 1e-2 };
        var sound = Trained(validation.narrow(0, 0, 19));
        validation[19, 0] = bad;
        var spoilt = Trained(validation);
        Assert.Empty(sound.ValidationItemsLeftOut);
        Assert.Equal([19L], spoilt.ValidationItemsLeftOut);
        Assert.Equal(sound.BestEpoch, spoilt.BestEpoch);
        Assert.Equal(sound.BestValidationLoss!.Value, spoilt.BestValidationLoss!.Value, 12);

        TrainingResult Trained(Tensor items)
        {
            using var flow = Bijectors.Flow.On(Shape.Vector(1), 0).Then(new Logit()).MaskedAutoregressive(8)
                .Into(Distribution.StandardNormal);
            return Trainer.Train(flow, new TrainingData(train, items), options);
        }
    }

    [Fact]
    public void Where_no_validation_item_has_a_density_the_last_epoch_is_kept()
    {
        using var flow = Bijectors.Flow.On(Shape.Vector(1), 0).Then(new Logit()).MaskedAutoregressive(8)
            .Into(Distribution.StandardNormal);
        var data = new TrainingData(rand(100, 1, generator: new Generator(1)), full(3, 1, 2f));
        var result = Trainer.Train(flow, data, new TrainingOptions { Epochs = 4 });
        Assert.Equal((4, double.PositiveInfinity), (result.BestEpoch, result.BestValidationLoss!.Value));
        Assert.Equal([0L, 1, 2], result.ValidationItemsLeftOut);
    }

    [Fact]
    public void A_training_item_outside_the_domain_is_named()
    {
        using var flow = Bijectors.Flow.On(Shape.Vector(1), 0).Then(new Logit()).MaskedAutoregressive(8)
            .Into(Distribution.StandardNormal);
        var items = rand(50, 1, generator: new Generator(1));
        items[7, 0] = 1.5f;
        var exception =
            Assert.Throws<NonFiniteLossException>(() => Trainer.Train(flow, new TrainingData(items), Short));
        Assert.Contains("the batch holds 1.5, outside the domain (0, 1) of the flow", exception.Message);
    }

    [Fact]
    public void Data_are_constants_whatever_they_were_made_from()
    {
        var encoder = nn.Linear(3, 2);
        var leaf = Toy.Points(100, 3).requires_grad_();
        foreach (var items in new[] { encoder.call(randn(100, 3)), leaf })
        {
            using var flow = Toy.Flow();
            Trainer.Train(flow, new TrainingData(items, items), new TrainingOptions { Steps = 3 });
            Assert.False(Evaluation.LogProb(flow, items).requires_grad);
        }

        Assert.All(encoder.parameters().Append(leaf), tensor => Assert.Null(tensor.grad));
    }

    [Fact]
    public void A_time_limit_ends_the_run()
    {
        using var flow = Toy.Flow();
        var options = Short with { Epochs = null, Seconds = 0.5 };
        var objective = new MaximumLikelihood(flow, _data.Validation);
        var source = BatchSource.Items(_data.Train, batchSize: 100);
        using var run = new TrainingRun(objective, source, options, time: new Ticking());
        var result = run.Execute(CancellationToken.None);
        Assert.Equal(StopReason.Completed, result.StopReason);
        Assert.InRange(result.Seconds, 0.5, 0.51);
        Assert.InRange(result.Steps, 50, 250);
        // The cosine follows the time, to zero at its end.
        Assert.InRange(result.History[^1].LearningRate, 0, 1e-4);
    }

    [Fact]
    public void Steps_may_end_a_run_within_an_epoch()
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, _data, Short with { Epochs = null, Steps = 8 });
        Assert.Equal((8L, 2), (result.Steps, result.History.Count));
    }

    [Fact]
    public void The_average_of_the_weights_is_what_is_validated_and_kept()
    {
        var options = Short with { CosineDecay = false, Epochs = 3 };
        var (plain, last) = Run(options);
        var (averaged, average) = Run(options with { EmaDecay = 0.99 });
        Assert.Equal(plain.History.Select(epoch => epoch.TrainLoss), averaged.History.Select(epoch => epoch.TrainLoss));
        Assert.NotEqual(plain.History.Select(epoch => epoch.ValidationLoss),
            averaged.History.Select(epoch => epoch.ValidationLoss));
        Assert.False(last.allclose(average));
    }

    [Fact]
    public void Progress_is_reported_at_each_epoch_and_ends_at_one()
    {
        using var flow = Toy.Flow();
        var reports = new List<TrainingProgress>();
        Trainer.Train(flow, _data, Short, new Heard(reports.Add));
        Assert.Equal(Enumerable.Range(1, 6), reports.Where(report => report.EpochEnded).Select(report => report.Epoch));
        Assert.Equal(1, reports[^1].Fraction);
        Assert.Equal(36, reports[^1].Step);
        Assert.NotNull(reports[^1].ValidationLoss);
        Assert.True(reports[^1].StepsPerSecond > 0);
    }

    [Fact]
    public void Data_with_levels_get_fresh_noise_and_losses_in_bits()
    {
        using var flow = Toy.Flow(levels: 8);
        var levels = (Toy.Points(600, 1) + 4).clamp(0, 7).floor();
        var result = Trainer.Train(
            flow, new TrainingData(levels, levels.narrow(0, 0, 100)), Short with { ValidationDraws = 3, Epochs = 12 });
        Assert.Equal(LossUnit.BitsPerDimension, result.Unit);
        // Uniform levels cost 3 bits each.
        Assert.InRange(result.BestValidationLoss!.Value, 0.5, 2.9);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_and_names_step_and_layer()
    {
        using var flow = Toy.Flow(extra: new Poison(afterCalls: 10, inGradient: false));
        var before = Toy.Weights(flow);
        var exception =
            Assert.Throws<NonFiniteLossException>(() => Trainer.Train(flow, _data, Short with { Initialize = false }));
        Assert.Equal(9, exception.Step);
        Assert.Contains("step 9", exception.Message);
        Assert.Contains("output of layer", exception.Message);
        Assert.EndsWith("run \"bijectors doctor\", which asks torch's operations for right values on this processor.",
            exception.Message);
        Assert.Contains(nameof(Poison), exception.Message);
        // The weights of the one whole epoch before are kept.
        var after = Toy.Weights(flow);
        Assert.True(after.isfinite().all().item<bool>());
        Assert.False(after.Equals(before));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_and_names_the_parameter()
    {
        using var flow = Toy.Flow(extra: new Poison(afterCalls: 2, inGradient: true));
        var exception =
            Assert.Throws<NonFiniteLossException>(() => Trainer.Train(flow, _data, Short with { Initialize = false }));
        Assert.Contains("gradient", exception.Message);
        Assert.Contains(nameof(Poison.amount), exception.Message);
    }

    [Fact]
    public void Data_that_hold_a_number_that_is_not_finite_are_named()
    {
        using var flow = Toy.Flow();
        var spoilt = _data.Train.clone();
        spoilt[0, 0] = float.NaN;
        var exception = Assert.Throws<NonFiniteLossException>(
            () => Trainer.Train(flow, new TrainingData(spoilt), Short with { Initialize = false }));
        Assert.Contains("look at the data", exception.Message);
    }

    [Fact]
    public void Mode_and_gradients_are_as_before_afterwards()
    {
        using var flow = Toy.Flow();
        flow.eval();
        Trainer.Train(flow, _data, Short);
        Assert.False(flow.training);
        Assert.All(
            flow.parameters(), parameter => Assert.True(parameter.grad is null && parameter.storage_offset() == 0));
    }

    [Fact]
    public void Float64_flows_train_on_float32_data()
    {
        using var flow = Toy.Flow();
        flow.to(ScalarType.Float64);
        var result = Trainer.Train(flow, _data, Short);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss);
        Assert.All(flow.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
    }

    [Fact]
    public void A_conditional_flow_learns_from_its_context()
    {
        using var flow = Toy.Conditional();
        var (items, context) = Toy.PointsWithContext(600, 1);
        var (validation, validationContext) = Toy.PointsWithContext(200, 2);
        var data = new TrainingData(items, validation, context, validationContext);
        var result = Trainer.Train(flow, data, Short with { Epochs = 40 });
        // Without the context nothing could be better than the entropy of all points together, 1.7 nats more.
        Assert.InRange(result.BestValidationLoss!.Value, Toy.ConditionalEntropy - 0.2, Toy.ConditionalEntropy + 0.3);
    }

    [Fact]
    public void A_context_that_is_missing_or_of_another_size_is_an_error()
    {
        using var flow = Toy.Conditional();
        var missing = Assert.Throws<ShapeException>(() => Trainer.Train(flow, new TrainingData(zeros(5, 2))));
        Assert.Equal("TrainingData.TrainContext: expected a context (5, 1), got none.", missing.Message);
        var wrong = new TrainingData(zeros(5, 2), TrainContext: zeros(4, 1));
        Assert.Contains("expected a context (5, 1), got (4, 1)",
            Assert.Throws<ShapeException>(() => Trainer.Train(flow, wrong)).Message);
        using var plain = Toy.Flow();
        var needless = new TrainingData(zeros(5, 2), TrainContext: zeros(5, 1));
        Assert.Contains(
            "expected no context", Assert.Throws<ShapeException>(() => Trainer.Train(plain, needless)).Message);
    }

    [Fact]
    public void Items_of_another_shape_are_an_error()
    {
        using var flow = Toy.Flow();
        var exception = Assert.Throws<ShapeException>(() => Trainer.Train(flow, new TrainingData(zeros(5, 3))));
        Assert.Contains("expected items of shape (2)", exception.Message);
        Assert.Contains("got (5, 3)", exception.Message);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        using var flow = Toy.Flow();
        AssertNamed(Short with { Epochs = 0 }, "TrainingOptions.Epochs: expected at least 1, got 0.");
        AssertNamed(Short with { LearningRate = -1 }, "TrainingOptions.LearningRate: expected more than 0, got -1.");
        AssertNamed(
            Short with { EmaDecay = 1 }, "TrainingOptions.EmaDecay: expected 0 or more and less than 1, got 1.");
        AssertNamed(Short with { Seconds = double.NaN }, "TrainingOptions.Seconds: expected more than 0, got NaN.");

        void AssertNamed(TrainingOptions options, string message) =>
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trainer.Train(flow, _data, options)).Message);
    }

    public void Dispose() => _scope.Dispose();

    private (TrainingResult Result, Tensor Weights) Run(TrainingOptions options)
    {
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, _data, options);
        return (result, Toy.Weights(flow));
    }

    private static List<(double, double?)> Losses(TrainingResult result) =>
        [.. result.History.Select(epoch => (epoch.TrainLoss, epoch.ValidationLoss))];

    private sealed class Heard(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }

    /// <summary>A millisecond passes each time somebody looks.</summary>
    private sealed class Ticking : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now++;
    }
}
