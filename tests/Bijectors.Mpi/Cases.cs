using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Bijectors.Data;
using Bijectors.Distributed;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Mpi;

/// <summary>What a rank does: one case, named by its arguments. The first rank writes what comes of it.</summary>
internal static class Cases
{
    private const int Seed = 0;

    /// <summary>Runs a case on this rank.</summary>
    public static int Run(Communicator ranks, string[] arguments)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        switch (arguments)
        {
            case ["train", var model, var dtype, .. var rest]:
                Train(ranks, model, Enum.Parse<ScalarType>(dtype), rest);
                return 0;
            case ["speed", var model, var batch]:
                Speed(ranks, model, int.Parse(batch, CultureInfo.InvariantCulture));
                return 0;
            case ["link"]:
                Link(ranks);
                return 0;
            default:
                throw new ArgumentException($"expected a case, got '{string.Join(' ', arguments)}'.");
        }
    }

    /// <summary>
    /// Trains on digits, with noise for their levels, a first batch that ActNorm is set by, clipping, an average of
    /// weights and a last batch that is smaller; writes the losses of each epoch and a digest of the weights of each
    /// rank. Further arguments: <c>overlap</c>; <c>checkpoint FILE</c>; <c>throw STEP</c> or <c>kill STEP</c>, which
    /// ends the last rank.
    /// </summary>
    private static void Train(Communicator ranks, string name, ScalarType dtype, string[] rest)
    {
        using var data = Datasets.Open("digits", Seed);
        using var flow = Make(name, data).to(dtype);
        var step = rest is [("throw" or "kill"), var number, ..] ? long.Parse(number, CultureInfo.InvariantCulture) : 0;
        var options = new TrainingOptions
        {
            Steps = 60,
            BatchSize = 128,
            LearningRate = 3e-3,
            WarmupSteps = 10,
            EmaDecay = 0.9,
            Ranks = ranks,
            Overlap = rest.Contains("overlap"),
            Checkpoints = rest is [.., "checkpoint", var file]
                ? new Checkpoints(file) { EverySteps = 10, Resume = true }
                : null,
            Callbacks = [TrainingCallback.From(now =>
            {
                if (now.Step == step && ranks.Rank == ranks.Size - 1)
                {
                    Die(rest[0]);
                }
            })],
        };
        var result = Trainer.Train(flow, new(data.Train, data.Validation), options);
        var digests = ranks.Gather(Digest(flow));
        if (!ranks.IsFirst)
        {
            return;
        }

        foreach (var record in result.History)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"epoch {record.Epoch} {record.TrainLoss:R} {record.ValidationLoss:R}"));
        }

        foreach (var digest in digests)
        {
            Console.WriteLine($"weights {digest}");
        }
    }

    private static void Die(string how)
    {
        if (how == "kill")
        {
            Process.GetCurrentProcess().Kill();
        }

        throw new InvalidOperationException("this rank was told to fail");
    }

    /// <summary>
    /// The time of a step without and with overlap, in turns. Of all steps the tenth that is fastest counts: on a busy
    /// machine those are the ones for which every rank had a processor. The time that the processor worked for this
    /// rank does not depend on that; on several ranks waiting is part of it.
    /// </summary>
    private static void Speed(Communicator ranks, string name, int batch)
    {
        const int Rounds = 2;
        const int Steps = 40;
        const int Warm = 10;
        using var data = Datasets.Open("digits", Seed);

        // Batches of one size: a smaller last one would be the fastest.
        using var items = data.Train.narrow(0, 0, data.Train.size(0) / batch * batch);
        var times = new Dictionary<bool, List<double>> { [false] = [], [true] = [] };
        var work = new Dictionary<bool, TimeSpan> { [false] = default, [true] = default };
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (overlap, steps) in times)
            {
                using var flow = Make(name, data);
                bytes = flow.ParameterCount * sizeof(float);
                var since = Stopwatch.GetTimestamp();
                var watching = TrainingCallback.From(now =>
                {
                    if (now.Step > Warm)
                    {
                        steps.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
                    }

                    since = Stopwatch.GetTimestamp();
                });
                var options = new TrainingOptions
                {
                    Steps = Steps, BatchSize = batch, Ranks = ranks, Overlap = overlap, Callbacks = [watching],
                };
                var before = Environment.CpuUsage.TotalTime;
                Trainer.Train(flow, new(items), options);

                // The first round also compiles.
                work[overlap] = round == 0 ? default : work[overlap] + Environment.CpuUsage.TotalTime - before;
            }
        }

        foreach (var (overlap, steps) in times.Where(_ => ranks.IsFirst))
        {
            steps.Sort();
            var each = work[overlap].TotalSeconds / ((Rounds - 1) * Steps);
            Console.WriteLine(FormattableString.Invariant(
                $"speed {overlap} {steps[steps.Count / 10]:R} {steps[steps.Count / 2]:R} {bytes} {each:R}"));
        }
    }

    /// <summary>How long a sum over the ranks takes, by its size.</summary>
    private static void Link(Communicator ranks)
    {
        foreach (var bytes in (int[])[8, 1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 22, 1 << 24])
        {
            var numbers = new float[Math.Max(2, bytes / sizeof(float))];
            var times = new List<double>();
            for (var i = 0; i < 60; i++)
            {
                ranks.Barrier();
                var since = Stopwatch.GetTimestamp();
                ranks.Sum(numbers);
                times.Add(Stopwatch.GetElapsedTime(since).TotalSeconds);
            }

            times.Sort();
            if (ranks.IsFirst)
            {
                Console.WriteLine(FormattableString.Invariant($"link {bytes} {times[times.Count / 2]:R} {times[0]:R}"));
            }
        }
    }

    private static Flow Make(string name, Dataset data)
    {
        var (model, shape) = (Models.Named(name), Shape.Of(data.ItemShape));
        return model.Create(shape, model.DefaultsFor(shape), data.Levels, Seed);
    }

    private static string Digest(Flow flow)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, tensor) in flow.state_dict())
        {
            using var dense = tensor.detach().contiguous();
            hash.AppendData(dense.bytes);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
