using Bijectors.Distributed;
using Bijectors.Tests.Training;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributed;

/// <summary>Training on several ranks is training on one: the same losses, and the same weights on all.</summary>
public sealed class DataParallelTests : IDisposable
{
    // In float64 what differs is the order of sums.
    private const double Tolerance = 1e-9;

    // 230 items in batches of 50: the last batch has 30, which three ranks share evenly and four do not.
    private static readonly TrainingOptions Short =
        new() { Epochs = 4, BatchSize = 50, LearningRate = 5e-3, WarmupSteps = 5 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, int> Cases => new()
    {
        { "plain", 2 },
        { "plain", 3 },
        { "levels", 2 },
        { "levels", 4 },
        { "noise", 3 },
        { "context left out", 2 },
        { "average", 2 },
        { "accumulation", 3 },
        { "no clipping", 2 },
        { "more ranks than items of the last batch", 4 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_weights_are_those_of_one_process(string name, int size)
    {
        var (expected, weights) = Train(Communicator.Alone, name);
        var runs = new (TrainingResult Result, byte[] Weights)[size];
        LocalRanks.Run(size, ranks =>
        {
            using var scope = NewDisposeScope();
            runs[ranks.Rank] = Train(ranks, name);
        });
        Assert.All(runs, run =>
        {
            Assert.Equal(expected.History.Count, run.Result.History.Count);
            foreach (var (one, several) in expected.History.Zip(run.Result.History))
            {
                Assert.Equal(one.TrainLoss, several.TrainLoss, Tolerance * Math.Abs(one.TrainLoss));
                Assert.Equal(
                    one.ValidationLoss!.Value, several.ValidationLoss!.Value, Tolerance * Math.Abs(one.TrainLoss));
            }

            Assert.Equal(expected.BestEpoch, run.Result.BestEpoch);
            Assert.Equal(runs[0].Weights, run.Weights);
        });
        using var difference = (Numbers(weights) - Numbers(runs[0].Weights)).abs().max();
        Assert.InRange(difference.item<double>(), 0, 1e-7);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Overlapping_changes_no_number(int size, bool accumulates)
    {
        var runs = new (double Loss, byte[] Weights, int Looks)[2 * size];
        foreach (var overlap in (bool[])[false, true])
        {
            LocalRanks.Run(size, ranks =>
            {
                using var scope = NewDisposeScope();
                using var flow = Wide();
                var counting = new CountingRanks(ranks);
                var result = Trainer.Train(
                    flow, Data(),
                    Short with { Ranks = counting, Overlap = overlap, Accumulation = accumulates ? 2 : 1 });
                runs[ranks.Rank + (overlap ? size : 0)] =
                    (result.History[^1].TrainLoss, Bytes(flow), counting.Looks);
            });
        }

        Assert.All(runs, run => Assert.Equal(runs[0].Loss, run.Loss));
        Assert.All(runs, run => Assert.Equal(runs[0].Weights, run.Weights));

        // Sums that are under way are looked at during the pass, and only there.
        Assert.All(runs.Take(size), run => Assert.Equal(0, run.Looks));
        Assert.All(runs.Skip(size), run => Assert.True(run.Looks > 0));
    }

    [Fact]
    public void A_rank_begins_with_the_weights_of_the_first()
    {
        var weights = new byte[2][];
        LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow().to(ScalarType.Float64);
            using (no_grad())
            {
                flow.parameters().First().add_(ranks.Rank);
            }

            Trainer.Train(flow, Data(), Short with { Epochs = 1, Ranks = ranks });
            weights[ranks.Rank] = Bytes(flow);
        });
        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void A_loss_that_one_rank_cannot_compute_stops_all_of_them_at_the_same_step()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow();
            var items = Toy.Points(100, 1);
            items[99] = double.NaN;
            Trainer.Train(flow, new(items), Short with { Ranks = ranks });
        })).InnerExceptions;
        var steps = failures.Select(failure => Assert.IsType<NonFiniteLossException>(failure).Step).ToList();
        Assert.Equal(2, steps.Count);
        Assert.Equal(steps[0], steps[1]);
    }

    [Fact]
    public void A_callback_of_one_rank_stops_all_of_them()
    {
        var steps = new long[3];
        LocalRanks.Run(3, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow();
            var stopping = TrainingCallback.From(now =>
            {
                if (now.Step == 3 && ranks.Rank == 2)
                {
                    now.Stop();
                }
            });
            var result = Trainer.Train(flow, Data(), Short with { Callbacks = [stopping], Ranks = ranks });
            steps[ranks.Rank] = result.Steps;
            Assert.Equal(StopReason.Callback, result.StopReason);
        });
        Assert.Equal([3, 3, 3], steps);
    }

    [Fact]
    public void Cancelling_one_rank_stops_all_of_them()
    {
        var reasons = new StopReason[2];
        LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow();
            using var source = new CancellationTokenSource();
            var cancelling = TrainingCallback.From(now =>
            {
                if (now.Step == 2 && ranks.Rank == 1)
                {
                    source.Cancel();
                }
            });
            reasons[ranks.Rank] = Trainer.Train(
                flow, Data(), Short with { Callbacks = [cancelling], Ranks = ranks }, null, source.Token).StopReason;
        });
        Assert.Equal([StopReason.Cancelled, StopReason.Cancelled], reasons);
    }

    [Fact]
    public void The_clock_of_the_first_rank_ends_a_run_in_seconds()
    {
        var steps = new long[2];
        LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow();
            var data = Data();
            var objective = new MaximumLikelihood(flow, data.Validation);
            var options = Short with { Epochs = null, Seconds = 10, Ranks = ranks };

            // One clock ten times as fast as the other: by its own, a rank would stop ten times as early.
            using var run = new TrainingRun(
                objective, BatchSource.Items(data.Train, null, 50), options, null,
                new SteppingTime(ranks.IsFirst ? 0.1 : 1));
            steps[ranks.Rank] = run.Execute(default).Steps;
        });
        Assert.InRange(steps[0], 5, 100);
        Assert.Equal(steps[0], steps[1]);
    }

    [Fact]
    public void An_objective_that_draws_inside_has_other_noise_on_each_rank_and_the_same_weights()
    {
        var (weights, draws) = (new byte[2][], new double[2]);
        LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow().to(ScalarType.Float64);
            var objective = new DrawingObjective(flow);
            var source = BatchSource.Items(Data().Train, null, 50);
            Trainer.Train(objective, source, Short with { Ranks = ranks });
            (weights[ranks.Rank], draws[ranks.Rank]) = (Bytes(flow), objective.LastDraw);
        });
        Assert.NotEqual(draws[0], draws[1]);
        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void An_objective_that_draws_for_the_whole_batch_has_the_losses_of_one_process()
    {
        var losses = new double[3];
        Train(Communicator.Alone, 0);
        LocalRanks.Run(2, ranks => Train(ranks, 1 + ranks.Rank));
        Assert.Equal(losses[0], losses[1], Tolerance * Math.Abs(losses[0]));
        Assert.Equal(losses[1], losses[2]);

        void Train(Communicator ranks, int place)
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow().to(ScalarType.Float64);
            var result = Trainer.Train(
                new SharedObjective(flow), BatchSource.Items(Data().Train, null, 50), Short with { Ranks = ranks });
            losses[place] = result.History[^1].TrainLoss;
        }
    }

    [Fact]
    public void A_program_of_several_ranks_is_one_of_a_single_process()
    {
        using var flow = Toy.Flow();
        Assert.Equal(0, Program(flow, Data()));
    }

    [Fact]
    public void What_cannot_be_summed_is_refused_before_the_first_step()
    {
        var failures = Assert.Throws<AggregateException>(() => LocalRanks.Run(2, ranks =>
        {
            using var scope = NewDisposeScope();
            using var flow = Toy.Flow().to(ScalarType.BFloat16);
            Trainer.Train(flow, Data(), Short with { Ranks = ranks, Initialize = false });
        })).InnerExceptions;
        Assert.All(failures, failure => Assert.Contains(
            "expected parameters that are float32 or float64 on the CPU, got BFloat16", failure.Message));
    }

    public void Dispose() => _scope.Dispose();

    internal static TrainingData Data() => new(Toy.Points(230, 1), Toy.Points(70, 2));

    internal static byte[] Bytes(Flow flow)
    {
        using var scope = NewDisposeScope();
        return Toy.Weights(flow).bytes.ToArray();
    }

    private static (TrainingResult Result, byte[] Weights) Train(Communicator ranks, string name)
    {
        var (flow, data, options) = Case(name);
        using (flow)
        {
            flow.to(ScalarType.Float64);
            var result = Trainer.Train(flow, data, options with { Ranks = ranks });
            return (result, Bytes(flow));
        }
    }

    private static (Flow Flow, TrainingData Data, TrainingOptions Options) Case(string name)
    {
        var (points, context) = Toy.PointsWithContext(230, 3);
        return name switch
        {
            "plain" => (Toy.Flow(), Data(), Short),
            "levels" => (Toy.Flow(levels: 16), Levels(), Short with { ValidationDraws = 2 }),
            "noise" => (Toy.Flow(), Data(), Short with { Noise = 0.1 }),
            "context left out" => (
                ContextFlow(), new(points, points, context, context), Short with { ContextDropout = 0.3 }),
            "average" => (Toy.Flow(), Data(), Short with { EmaDecay = 0.9 }),
            "accumulation" => (Toy.Flow(), Data(), Short with { Accumulation = 2 }),
            "no clipping" => (Toy.Flow(), Data(), Short with { ClipNorm = null }),
            _ => (Toy.Flow(), new(Toy.Points(103, 1), Toy.Points(5, 2)), Short with { Initialize = false }),
        };
    }

    private static TrainingData Levels() => new(
        Data().Train.mul(2).add(8).clamp(0, 15).round(), Data().Validation!.mul(2).add(8).clamp(0, 15).round());

    private static Flow ContextFlow() => Bijectors.Flow.On(Shape.Vector(2), seed: 0)
        .OptionallyConditional(Shape.Vector(1))
        .Repeat(2, (layer, i) => layer
            .AffineCoupling(hidden: 8, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
        .Into(Distribution.StandardNormal);

    private static Tensor Numbers(byte[] bytes)
    {
        var numbers = new double[bytes.Length / sizeof(double)];
        Buffer.BlockCopy(bytes, 0, numbers, 0, bytes.Length);
        return tensor(numbers);
    }

    // The program of docs/distributed.md.
    private static int Program(Flow flow, TrainingData data)
    {
        return MpiJob.Run(ranks =>
        {
            var options = new TrainingOptions { Epochs = 2, BatchSize = 512, Ranks = ranks };
            var result = Trainer.Train(flow, data, options);
            if (ranks.IsFirst)
            {
                Console.WriteLine(result.BestValidationLoss);
            }

            return 0;
        });
    }

    // Two hidden layers of 256: half a megabyte of weights in each coupling.
    private static Flow Wide() => Bijectors.Flow.On(Shape.Vector(2), seed: 0)
        .Repeat(4, (layer, i) => layer
            .ActNorm()
            .AffineCoupling(hidden: 256, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
        .Into(Distribution.StandardNormal);

    /// <summary>Ranks that count how often somebody looks whether a sum is there.</summary>
    private sealed class CountingRanks(Communicator ranks) : Communicator
    {
        public int Looks { get; private set; }

        public override int Rank => ranks.Rank;

        public override int Size => ranks.Size;

        public override void Broadcast(Span<byte> bytes, int from = 0) => ranks.Broadcast(bytes, from);

        public override void Barrier() => ranks.Barrier();

        public override void Abort(int exitCode) => ranks.Abort(exitCode);

        protected override unsafe PendingSum BeginSumCore(nint memory, int count, NumberType type)
        {
            var bytes = count * (type == NumberType.Float32 ? sizeof(float) : sizeof(double));
            return new Counted(this, ranks.BeginSum(new Span<byte>((void*)memory, bytes), type));
        }

        protected override unsafe void SumCore(nint memory, int count, NumberType type)
        {
            var bytes = count * (type == NumberType.Float32 ? sizeof(float) : sizeof(double));
            ranks.Sum(new Span<byte>((void*)memory, bytes), type);
        }

        private sealed class Counted(CountingRanks ranks, PendingSum sum) : PendingSum
        {
            public override bool Advance()
            {
                ranks.Looks++;
                return sum.Advance();
            }

            public override void Wait() => sum.Wait();
        }
    }

    /// <summary>A clock that advances by the same at each look.</summary>
    private sealed class SteppingTime(double seconds) : TimeProvider
    {
        private double _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)((_now += seconds) * TimestampFrequency);
    }

    /// <summary>A likelihood of points that are moved a little, the same on any number of ranks.</summary>
    private sealed class SharedObjective(Flow flow) : Objective(flow)
    {
        public override Tensor Loss(Batch batch, Generator noise) =>
            Loss(Moved(batch, noise));

        public override Tensor SharedLoss(Batch batch, Generator noise, Communicator ranks) =>
            Loss(Moved(batch, noise).Of(ranks));

        private Tensor Loss(Batch moved) =>
            -flow.LogProb(moved.Items).mean();

        private static Batch Moved(Batch batch, Generator noise) =>
            new(batch.Items + (0.1 * randn(batch.Items.shape, ScalarType.Float64, generator: noise)));
    }

    /// <summary>A likelihood of points that it moves a little.</summary>
    private sealed class DrawingObjective(Flow flow) : Objective(flow)
    {
        public double LastDraw { get; private set; }

        public override Tensor Loss(Batch batch, Generator noise)
        {
            using var scope = NewDisposeScope();
            var moved = randn(batch.Items.shape, ScalarType.Float64, generator: noise);
            LastDraw = moved[0, 0].item<double>();
            return (-flow.LogProb(batch.Items.to(ScalarType.Float64) + (0.1 * moved)).mean()).MoveToOuterDisposeScope();
        }
    }
}
