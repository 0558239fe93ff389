using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>A run that dies or is stopped and goes on ends with the weights of one that did not.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Steps = 14;

    private static readonly TrainingOptions Usual = new()
    {
        Steps = Steps,
        BatchSize = 30,
        LearningRate = 5e-3,
        WarmupSteps = 3,
        EmaDecay = 0.9,
        Validations = 5,
        WeightDecay = 0.01,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;
    private readonly Tensor _levels = (Toy.Points(100, 1) + 4).clamp(0, 7).floor();

    private string At => Path.Combine(_folder, "run.safetensors");

    public static TheoryData<string> Runs =>
        ["plain", "groups", "accumulation", "plateau", "patience", "stream", "sampler", .. ObjectiveRun.Found.Keys];

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_run_that_dies_at_any_step_ends_as_one_that_does_not(string kind)
    {
        var (expected, result) = Run(kind);
        for (var dies = 1; dies < Steps; dies++)
        {
            var every = 1 + dies % 4;
            Assert.Throws<Death>(() => Run(kind, Saved(every), Dying(dies)));
            var (weights, resumed) = Run(kind, Saved(every, resume: true));
            Assert.True(expected.Equals(weights), $"after step {dies}, a checkpoint each {every}");
            AssertSame(result, resumed);
            File.Delete(At);
        }
    }

    [Fact]
    public void Every_objective_is_run()
    {
        using var flow = Toy.Flow();
        var run = ObjectiveRun.Found.Values.Select(run => run.Make(flow).Objective.GetType())
            .Append(typeof(MaximumLikelihood));
        var objectives = typeof(Objective).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Objective)));
        Assert.Empty(objectives.Except(run));
    }

    [Fact]
    public void A_run_that_dies_again_and_again_ends_as_one_that_does_not()
    {
        var (expected, result) = Run("plain");
        for (var dies = 1; dies < Steps; dies++)
        {
            Assert.Throws<Death>(() => Run("plain", Saved(1, resume: dies > 1), Dying(dies)));
        }

        var (weights, resumed) = Run("plain", Saved(1, resume: true));
        Assert.True(expected.Equals(weights));
        AssertSame(result, resumed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_is_stopped_leaves_a_checkpoint_and_goes_on_as_if_it_had_not_been(bool cancelled)
    {
        var (expected, result) = Run("plain");
        for (var stops = 1; stops < Steps; stops++)
        {
            using var source = new CancellationTokenSource();
            var callback = TrainingCallback.From(now =>
            {
                if (now.Step == stops)
                {
                    (cancelled ? source.Cancel : (Action)now.Stop)();
                }
            });
            var (_, stopped) = Run("plain", Saved(1000), callback, source.Token);
            Assert.Equal(cancelled ? StopReason.Cancelled : StopReason.Callback, stopped.StopReason);
            Assert.Equal(stops, stopped.Steps);
            var (weights, resumed) = Run("plain", Saved(1000, resume: true));
            Assert.True(expected.Equals(weights), $"stopped after step {stops}");
            AssertSame(result, resumed);
            File.Delete(At);
        }
    }

    [Fact]
    public void What_else_changes_on_the_way_may_be_a_part()
    {
        var expected = Estimated(null);
        for (var dies = 1; dies < Steps; dies++)
        {
            Assert.Throws<Death>(() => Estimated(Saved(2), Dying(dies)));
            Assert.True(expected.Equals(Estimated(Saved(2, resume: true))), $"after step {dies}");
            File.Delete(At);
        }

        // A flow whose log-det is estimated, with noise of its own.
        Tensor Estimated(Checkpoints? checkpoints, TrainingCallback? callback = null)
        {
            using var noise = new Generator(4);
            using var start = new Generator(5);
            using var flow = Flow.On(Shape.Vector(2))
                .Then(new ResidualLayer(new LipschitzMlp(2, 8, 1, start), new LogDetEstimator(noise)))
                .Into(Distribution.StandardNormal);
            var options = Usual with
            {
                Checkpoints =
                    checkpoints is null ? null : checkpoints with { Parts = [("noise", Checkpoint.Part(noise))] },
                Callbacks = callback is null ? [] : [callback],
            };
            Trainer.Train(flow, new TrainingData(_levels / 4), options);
            return Toy.Weights(flow).clone();
        }
    }

    [Fact]
    public void A_run_that_is_over_is_over()
    {
        var (expected, result) = Run("patience", Saved(3));
        Assert.Equal(StopReason.EarlyStop, result.StopReason);
        var (weights, again) = Run("patience", Saved(3, resume: true), TrainingCallback.From(_ => throw new Death()));
        Assert.True(expected.Equals(weights));
        AssertSame(result, again);
    }

    [Fact]
    public void Where_there_is_no_checkpoint_yet_the_run_begins_and_where_there_is_one_it_is_not_lost()
    {
        var (expected, _) = Run("plain");
        Assert.True(expected.Equals(Run("plain", Saved(3, resume: true)).Weights));
        var message = Assert.Throws<CheckpointException>(() => Run("plain", Saved(3))).Message;
        Assert.StartsWith($"{At}: expected no checkpoint where a run begins", message);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_the_difference()
    {
        Run("plain", Saved(3));
        AssertRefused("whose learning rate is '0.1', got one of a run with '0.005'", Usual with { LearningRate = 0.1 });
        AssertRefused("whose seed is '7', got one of a run with '0'", Usual with { Seed = 7 });
        AssertRefused("whose schedule is 'OneCycle(", Usual with { Schedule = Schedule.OneCycle() });
        AssertRefused("whose limits is", Usual with { Steps = 20 });
        AssertRefused("whose data is", Usual, data: new TrainingData(_levels * 0, _levels.narrow(0, 0, 40)));
        AssertRefused("whose objective is", Usual, data: new TrainingData(_levels, _levels.narrow(0, 0, 39)));
        using var deeper = Toy.Flow(levels: 8, extra: new Scale(2));
        AssertRefused("whose module is", Usual, deeper);
        var named = Saved(3, resume: true) with { Run = [("model", "glow")] };
        AssertRefused("whose model is 'glow', got one of a run with 'none'", Usual with { Checkpoints = named });
        File.Delete(At);
        Run("plain", Saved(3) with { Run = [("model", "glow")] });
        AssertRefused("got one of a run with model 'glow'", Usual);

        void AssertRefused(string message, TrainingOptions options, Flow? other = null, TrainingData? data = null)
        {
            using var flow = Toy.Flow(levels: 8);
            options = options with { Checkpoints = options.Checkpoints ?? Saved(3, resume: true) };
            data ??= new TrainingData(_levels, _levels.narrow(0, 0, 40));
            var exception = Assert.Throws<CheckpointException>(() => Trainer.Train(other ?? flow, data, options));
            Assert.Contains(message, exception.Message);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_wherever_a_byte_has_changed()
    {
        Run("plain", Saved(3));
        var whole = File.ReadAllBytes(At);
        using var generator = new Generator(0);
        for (var i = 0; i < 40; i++)
        {
            var damaged = whole.ToArray();
            damaged[randint(whole.Length, 1, generator: generator).item<long>()] ^= 0x10;
            AssertRefused(damaged);
        }

        AssertRefused(whole[..^1]);
        AssertRefused(whole[..100]);
        AssertRefused([.. whole, 0]);
        AssertRefused("{}"u8.ToArray());

        void AssertRefused(byte[] content)
        {
            File.WriteAllBytes(At, content);
            var exception = Assert.Throws<CheckpointException>(() => Run("plain", Saved(3, resume: true)));
            Assert.StartsWith($"{At}: ", exception.Message);
        }
    }

    [Fact]
    public void Checkpoints_are_written_as_often_as_asked_and_never_by_halves()
    {
        var times = new List<long>();
        var callback = TrainingCallback.From(now =>
        {
            if (File.Exists(At))
            {
                times.Add(now.Step);
            }
        });
        Run("plain", Saved(5), callback);
        Assert.Equal([6L, 7, 8, 9, 10, 11, 12, 13, 14], times);
        Assert.Equal([At], Directory.GetFiles(_folder));
        var due = new Checkpoints(At) { EverySeconds = 3 };
        Assert.True(due.IsDue(1, TimeSpan.FromSeconds(3)) && !due.IsDue(1000, TimeSpan.FromSeconds(2)));
        Assert.True(new Checkpoints(At).IsDue(1, TimeSpan.FromSeconds(Checkpoints.UsualSeconds)));
        Assert.False(Saved(5).IsDue(4, TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentException>(() => Run("plain", Saved(0)));
    }

    [Fact]
    public void A_folder_holds_a_checkpoint_by_its_usual_name()
    {
        Assert.Equal(Path.Combine(_folder, Checkpoints.FileName), new Checkpoints(_folder).File);
        var path = Path.Combine(_folder, "new");
        Assert.Equal(Path.Combine(path, Checkpoints.FileName), new Checkpoints(path + "/").File);
        Assert.Equal(path, new Checkpoints(path).File);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(10)]
    public void What_was_just_loaded_may_be_saved_again(int read)
    {
        using var first = BatchSource.Items(_levels, batchSize: 10).Open(seed: 3);
        for (var i = 0; i < read; i++)
        {
            first.Next();
        }

        new Checkpoint(At, [], ("batches", first)).Save();
        using var second = BatchSource.Items(_levels, batchSize: 10).Open(seed: 9);
        second.Next();
        Assert.True(new Checkpoint(At, [], ("batches", second)).Load());
        new Checkpoint(At, [], ("batches", second)).Save();
        using var third = BatchSource.Items(_levels, batchSize: 10).Open(seed: 10);
        Assert.True(new Checkpoint(At, [], ("batches", third)).Load());
        for (var i = 0; i < 13; i++)
        {
            var expected = first.Next().Items;
            Assert.True(expected.Equals(second.Next().Items) && expected.Equals(third.Next().Items));
        }
    }

    [Fact]
    public void A_loop_of_ones_own_saves_its_parts()
    {
        using var flow = Toy.Flow();
        using var adam = new FlatAdam(flow);
        using var batches = BatchSource.Items(_levels, batchSize: 10).Open(seed: 0);
        using var noise = new Generator(1);
        var checkpoint = new Checkpoint(
            Path.Combine(_folder, "deep", "own.safetensors"),
            [("data", "levels")],
            ("flow", Checkpoint.Part(flow)), ("adam", adam), ("batches", batches), ("noise", Checkpoint.Part(noise)));
        Assert.False(checkpoint.Load());
        Go(3);
        checkpoint.Save();
        Go(5);
        var expected = Toy.Weights(flow).clone();
        Assert.True(checkpoint.Load());
        Assert.Equal(3, adam.Steps);
        Go(5);
        Assert.True(expected.Equals(Toy.Weights(flow)));

        void Go(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                using var scope = NewDisposeScope();
                adam.ZeroGradients();
                var x = batches.Next().Items;
                (-flow.LogProb(x + rand(x.shape, generator: noise)).mean()).backward();
                adam.Step(0.01);
            }
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Checkpoints Saved(int every, bool resume = false) => new(At) { EverySteps = every, Resume = resume };

    private static TrainingCallback Dying(int step) => TrainingCallback.From(now =>
    {
        if (now.Step == step)
        {
            throw new Death();
        }
    });

    private (Tensor Weights, TrainingResult Result) Run(
        string kind,
        Checkpoints? checkpoints = null,
        TrainingCallback? callback = null,
        CancellationToken cancellation = default)
    {
        var options = Usual with { Checkpoints = checkpoints, Callbacks = callback is null ? [] : [callback] };
        options = kind switch
        {
            "groups" => options with { Groups = [ParameterGroup.Named(name => name.Contains("bias"), 0.5)] },
            "accumulation" => options with { BatchSize = 10, Accumulation = 3, EmaDecay = 0 },
            "plateau" => options with { Schedule = Schedule.ReduceOnPlateau(0.5, patience: 1) },
            "patience" => options with
            {
                Steps = 1000,
                Patience = 2,
                LearningRate = 0.5,
                CosineDecay = false,
                Validations = 0,
            },
            _ => options,
        };
        var found = ObjectiveRun.Found.GetValueOrDefault(kind);
        using var flow = Toy.Flow(levels: found is not null || kind is "stream" or "sampler" ? null : 8);
        var points = _levels.narrow(0, 0, 40);
        var likelihood = new MaximumLikelihood(flow, points, batchSize: options.BatchSize);
        (Objective Objective, BatchSource Source) both = kind switch
        {
            "stream" => (likelihood, BatchSource.Stream(Stream(), 3)),
            "sampler" => (likelihood, BatchSource.Sampler(g => new Batch(randn(20, 2, generator: g)), 4)),
            _ when found is not null => found.Make(flow),
            _ => (likelihood, BatchSource.Items(_levels, batchSize: options.BatchSize)),
        };
        var result = Trainer.Train(both.Objective, both.Source, options, null, cancellation);
        return (Toy.Weights(flow).clone(), result);
    }

    private IEnumerable<Batch> Stream()
    {
        using var generator = new Generator(5);
        for (var i = 0; i < 7; i++)
        {
            yield return new Batch(randn(20, 2, generator: generator));
        }
    }

    private static void AssertSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal(expected.History.Select(Timeless), actual.History.Select(Timeless));
        Assert.Equal(
            (expected.BestEpoch, expected.BestStep, expected.BestValidationLoss, expected.Steps, expected.StopReason),
            (actual.BestEpoch, actual.BestStep, actual.BestValidationLoss, actual.Steps, actual.StopReason));

        static EpochRecord Timeless(EpochRecord record) => record with { Seconds = 0 };
    }

    private sealed class Death : Exception;
}
