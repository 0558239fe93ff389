using System.Diagnostics;
using System.Globalization;

namespace Bijectors.Fuzz;

/// <summary>Lets workers take the inputs of a target, and begins a new one behind an input of which one died.</summary>
internal sealed class Supervisor(Target target, int seed, int count)
{
    // Of processor time, which other programs of the machine do not lengthen; of the clock for what only waits.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private int _at = -1;
    private TimeSpan _processorThen;
    private Stopwatch? _since;

    public Tally Run()
    {
        var (tally, next) = (new Tally(target.Name), 0);
        while (next < count)
        {
            using var worker = Start(next);
            var reading = Task.Run(() => Read(worker, tally));
            var errors = worker.StandardError.ReadToEndAsync();
            var death = Watch(worker);
            reading.Wait();
            worker.WaitForExit();
            if (death is null && worker.ExitCode == 0)
            {
                break;
            }

            if (_since is null)
            {
                throw new InvalidOperationException($"{target.Name}: a worker died between inputs: {errors.Result}");
            }

            death ??= $"the process ended with {worker.ExitCode}: {errors.Result.ReplaceLineEndings(" | ")}";
            tally.Add(_at, new Outcome("finding", death, 0, 0));
            _since = null;
            next = _at + 1;
        }

        return tally;
    }

    private Process Start(int first)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) 
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Started by dotnet, or by itself.
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] arguments =
        [
            .. program,
            "--target", target.Name, "--seed", $"{seed}", "--from", $"{first}", "--count", $"{count}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    private void Read(Process worker, Tally tally)
    {
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(Worker.Begins, StringComparison.Ordinal))
            {
                lock (_lock)
                {
                    _at = int.Parse(line[Worker.Begins.Length..], CultureInfo.InvariantCulture);
                    (_processorThen, _since) = (Used(worker), Stopwatch.StartNew());
                }
            }
            else if (line.StartsWith(Worker.Ends, StringComparison.Ordinal))
            {
                lock (_lock)
                {
                    _since = null;
                }

                var (index, outcome) = Outcome.Parse(line[Worker.Ends.Length..]);
                tally.Add(index, outcome);
            }
        }
    }

    /// <summary>Waits for the end; why it was brought about, or null where it came by itself.</summary>
    private string? Watch(Process worker)
    {
        while (!worker.WaitForExit(s_look))
        {
            lock (_lock)
            {
                if (_since is { } since
                    && (Used(worker) - _processorThen > s_longest || since.Elapsed > s_longestWait))
                {
                    worker.Kill();
                    return $"more than {s_longest.TotalSeconds} s of processor time, or {s_longestWait.TotalSeconds} s";
                }
            }
        }

        return null;
    }

    private static TimeSpan Used(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has ended.
            return TimeSpan.Zero;
        }
    }
}
