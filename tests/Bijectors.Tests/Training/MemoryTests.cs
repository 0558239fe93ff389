using System.Globalization;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class MemoryTests
{
    [Fact]
    public void Ten_thousand_steps_need_no_more_memory_than_a_hundred()
    {
        using var scope = NewDisposeScope();
        using var flow = Toy.Flow();
        var data = new TrainingData(Toy.Points(800, 1), Toy.Points(20, 2));
        var (early, late) = (default(Use), default(Use));
        var progress = new EpochEnds(report =>
        {
            if (report.Step == 100)
            {
                early = Use.Now();
            }
            else if (report.Step == 10_000)
            {
                late = Use.Now();
            }
        });
        Trainer.Train(flow, data, new TrainingOptions { Steps = 10_000, BatchSize = 8, EmaDecay = 0.9 }, progress);

        // What other tests have left on threads that end meanwhile may go.
        Assert.InRange(late.Tensors, 1, early.Tensors);
        Assert.InRange(late.Bytes - early.Bytes, long.MinValue, 20L << 20);
    }

    private readonly record struct Use(long Tensors, long Bytes)
    {
        public static Use Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return new Use(Tensor.TotalCount, Resident());
        }

        // Elsewhere only the tensors are counted.
        private static long Resident() => !OperatingSystem.IsLinux() ? 0 : File.ReadLines("/proc/self/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Select(line => long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10)
            .Single();
    }

    private sealed class EpochEnds(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.EpochEnded)
            {
                hear(value);
            }
        }
    }
}
