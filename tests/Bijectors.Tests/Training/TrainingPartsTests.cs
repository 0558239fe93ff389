using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>Groups, accumulation, callbacks, and a loop of one's own from the same parts.</summary>
public sealed class TrainingPartsTests : IDisposable
{
    private static readonly TrainingOptions Short = new()
    {
        Steps = 12,
        BatchSize = 50,
        LearningRate = 5e-3,
        WarmupSteps = 0,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _points = Toy.Points(200, 1);

    [Fact]
    public void A_group_has_a_learning_rate_and_a_weight_decay_of_its_own()
    {
        var net = nn.Sequential(("a", nn.Linear(3, 40)), ("b", nn.Linear(40, 2)));
        var before = net.state_dict().ToDictionary(row => row.Key, row => row.Value.detach().clone());
        ParameterGroup[] groups =
        [
            ParameterGroup.Named(name => name.StartsWith("a.", StringComparison.Ordinal), learningRateFactor: 0),
            ParameterGroup.Named(name => name.Contains("bias"), learningRateFactor: 0.5, weightDecay: 0),
        ];
        using (var adam = new FlatAdam(net, OptimizerKind.AdamW, weightDecay: 0.1, groups: groups))
        {
            adam.ZeroGradients();
            net.parameters().Select(parameter => parameter.sum()).Aggregate((a, b) => a + b).backward();
            adam.Step(0.01);
        }

        var after = net.state_dict();

        // The first step of Adam is the learning rate in the direction of the gradient, which is 1.
        AssertMoved("a.weight", before["a.weight"]);
        AssertMoved("a.bias", before["a.bias"]);
        AssertMoved("b.bias", before["b.bias"] - 0.005);
        AssertMoved("b.weight", before["b.weight"] * (1 - 0.001) - 0.01);

        void AssertMoved(string name, Tensor expected) =>
            Assert.True(after[name].allclose(expected, rtol: 1e-6, atol: 1e-7), name);
    }

    [Fact]
    public void Groups_of_modules_take_what_is_in_them_and_a_group_of_nothing_is_refused()
    {
        var (a, b) = (nn.Linear(3, 3), nn.Linear(3, 3));
        var net = nn.Sequential(("a", a), ("b", b));
        var (start, other) = (b.weight.detach().clone(), a.weight.detach().clone());
        using (var adam = new FlatAdam(net, groups: [ParameterGroup.Of([b], learningRateFactor: 0)]))
        {
            adam.ZeroGradients();
            net.call(ones(2, 3)).sum().backward();
            adam.Step(0.1);
        }

        Assert.True(b.weight.Equals(start));
        Assert.False(a.weight.Equals(other));
        var none = ParameterGroup.Named(_ => false);
        var exception = Assert.Throws<ArgumentException>(() => new FlatAdam(net, groups: [none]));
        Assert.Contains("ParameterGroup[0]: expected to take a parameter", exception.Message);
        Assert.Throws<ArgumentException>(() => ParameterGroup.Named(_ => true, learningRateFactor: -1));
    }

    [Fact]
    public void One_group_of_all_changes_nothing()
    {
        var plain = Weights(Short with { WeightDecay = 0.1 });
        var grouped = Weights(Short with { Groups = [ParameterGroup.Named(_ => true, weightDecay: 0.1)] });
        Assert.True(plain.Equals(grouped));
    }

    [Theory]
    [InlineData(25, 2)]
    [InlineData(10, 5)]
    [InlineData(20, 3)]
    public void Gradients_of_several_batches_are_that_of_the_large_one(int batch, int accumulation)
    {
        var float64 = Short with { Initialize = false, EmaDecay = 0.9 };
        var large = Weights(float64 with { BatchSize = batch * accumulation }, ScalarType.Float64);
        var small = Weights(float64 with { BatchSize = batch, Accumulation = accumulation }, ScalarType.Float64);
        Assert.True((large - small).abs().max().item<double>() < 1e-10);
        Assert.False(large.Equals(Weights(float64 with { BatchSize = batch }, ScalarType.Float64)));
    }

    [Fact]
    public void Accumulation_counts_updates_and_epochs_as_the_large_batch_does()
    {
        using var flow = Toy.Flow();
        var options = Short with { Steps = null, Epochs = 3, BatchSize = 30, Accumulation = 4 };
        var result = Trainer.Train(flow, new TrainingData(_points), options);
        Assert.Equal([2L, 4, 6], result.History.Select(record => record.Step));
    }

    [Fact]
    public void Callbacks_see_each_step_and_each_record_and_may_stop_the_run()
    {
        var (steps, records) = (new List<(long, int)>(), new List<(int, double?)>());
        var callback = TrainingCallback.From(
            now =>
            {
                steps.Add((now.Step, now.Epoch));
                Assert.True(now.GradientNorm > 0 && now.LearningRate > 0 && double.IsFinite(now.Loss));
                Assert.IsType<Flow>(now.Module);
                Assert.Equal(now.Step / 12.0, now.Fraction, 9);
            },
            now =>
            {
                records.Add((now.Epoch, now.History[^1].ValidationLoss));
                if (now.Epoch == 2)
                {
                    now.Stop();
                }
            });
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, new TrainingData(_points, _points), Short with { Callbacks = [callback] });
        Assert.Equal(StopReason.Callback, result.StopReason);
        Assert.Equal([(1L, 1), (2, 1), (3, 1), (4, 1), (5, 2), (6, 2), (7, 2), (8, 2)], steps);
        Assert.Equal([1, 2], records.Select(record => record.Item1));
        Assert.All(records, record => Assert.NotNull(record.Item2));
        Assert.Equal(result.History.Count, records.Count);
    }

    [Fact]
    public void A_callback_that_stops_within_an_epoch_ends_with_a_record()
    {
        var callback = TrainingCallback.From(now =>
        {
            if (now.Step == 6)
            {
                now.Stop();
            }
        });
        using var flow = Toy.Flow();
        var result = Trainer.Train(flow, new TrainingData(_points, _points), Short with { Callbacks = [callback] });
        Assert.Equal((StopReason.Callback, 6L, 2), (result.StopReason, result.Steps, result.History.Count));
        Assert.NotNull(result.History[^1].ValidationLoss);
    }

    [Fact]
    public void A_loop_of_ones_own_from_the_same_parts_is_the_trainers()
    {
        var options = new TrainingOptions
        {
            Epochs = 5, BatchSize = 50, LearningRate = 5e-3, Initialize = false, EmaDecay = 0.9, Patience = 2,
        };
        using var flow = Toy.Flow();
        using var trained = Toy.Flow();
        Trainer.Train(trained, new TrainingData(_points, _points), options);

        var objective = new MaximumLikelihood(flow, _points);
        using var batches = BatchSource.Items(_points, batchSize: 50).Open(seed: 0);
        using (var adam = new FlatAdam(flow, OptimizerKind.AdamW))
        using (var average = new WeightAverage(adam, 0.9))
        using (var best = new BestWeights(flow, adam))
        using (var noise = new Generator(1))
        {
            var (schedule, stopping) = (Schedule.Cosine(warmup: 50), new EarlyStopping(patience: 2));
            for (var epoch = 1; epoch <= 5 && !stopping.IsDue(epoch - 1); epoch++)
            {
                do
                {
                    using var step = NewDisposeScope();
                    var rate = schedule.Rate(5e-3, new(adam.Steps, adam.Steps / 20.0, []));
                    adam.ZeroGradients();
                    BackwardPass.Run(objective.Loss(batches.Next(), noise) / objective.Dimensions);
                    adam.ClipGradients(maxNorm: 1);
                    adam.Step(rate);
                    average.Update();
                }
                while (!batches.AtEpochStart);

                average.Enter();
                if (stopping.Offer(epoch, adam.Steps, objective.Validate(seed: 2)))
                {
                    best.Keep();
                }

                average.Leave();
            }

            best.Restore();
        }

        Assert.True(Toy.Weights(flow).Equals(Toy.Weights(trained)));
    }

    [Fact]
    public void An_average_is_entered_and_left_in_turn()
    {
        using var flow = Toy.Flow();
        using var adam = new FlatAdam(flow);
        using var average = new WeightAverage(adam, 0.9);
        Assert.Throws<InvalidOperationException>(average.Leave);
        average.Enter();
        Assert.Throws<InvalidOperationException>(average.Enter);
        average.Leave();
        Assert.Throws<ArgumentException>(() => new WeightAverage(adam, 1));
    }

    public void Dispose() => _scope.Dispose();

    private Tensor Weights(TrainingOptions options, ScalarType dtype = ScalarType.Float32)
    {
        using var flow = Toy.Flow();
        flow.to(dtype);
        Trainer.Train(flow, new TrainingData(_points), options);
        return Toy.Weights(flow);
    }
}
