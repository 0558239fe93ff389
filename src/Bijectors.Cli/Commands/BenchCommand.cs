using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors bench</c>.</summary>
internal static class BenchCommand
{
    private const string Eager = "eager";
    private const string Summary =
        "Takes the times of models of fixed sizes: a training step, a density pass, drawing samples.";

    private static readonly string s_details =
        $$"""
        Cases:
        {{string.Join('\n', BenchCases.All.Select(subject => $"  {subject.Name,-20}{subject.Summary}"))}}

        Times are medians. A training step is: gradients to zero, minus the mean log-density, backward, Adam. "Of matrix
        peak" is what share of this machine's fastest matrix product, measured in the same run, a training step reaches
        on the matrix products it needs.

        --against eager runs each case also as a Python library would write it: the same mathematics and the same
        parameters in plain operations of torch, one call after another, with gradients by autograd and without any
        kernel of ours; samples of masked models take a pass of the network for each feature. Both are taken in turn;
        the ratio is the median of those of neighbours.

        Examples:
          bijectors bench
          bijectors bench realnvp-d64 maf-d64 --threads 1
          bijectors bench --against eager
          bijectors bench --json > times.json
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var cases = new Argument<string[]>("case")
        {
            Description = "Which cases; all of them by default.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "case",
        };
        cases.CompletionSources.Add([.. BenchCases.All.Select(subject => subject.Name)]);
        var against = Against();
        var threads = NumberOption.Threads("The number of threads of torch.");
        var seconds = NumberOption.Real("--seconds", "For how long each time is taken, in seconds.", 2);
        var command = new DetailedCommand("bench", Summary, s_details) { cases, against, threads, seconds };
        command.Gives(terminal, line =>
        {
            var names = line.GetValue(cases) ?? [];
            var subjects = names.Length == 0 ? BenchCases.All : [.. names.Select(BenchCases.Named)];
            torch.set_num_threads(line.GetValue(threads)!.Value);
            var againstEager = line.GetValue(against) is not null;
            return Run(terminal, subjects, line.GetValue(seconds)!.Value, againstEager, cancellation);
        });
        return command;
    }

    private static Option<string?> Against() => new("--against")
    {
        Description = "Run each case also another way, in turn, and give the ratio of the times: eager.",
        HelpName = "WAY",
        CustomParser = result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (text != Eager)
            {
                result.AddError($"--against: expected {Eager}, got '{text}'");
            }

            return text;
        },
    };

    private static BenchResult Run(
        Terminal terminal, IReadOnlyList<BenchCase> subjects, double seconds, bool againstEager,
        CancellationToken cancellation)
    {
        var peak = BenchRun.MatrixPeak(seconds / 2, cancellation);
        var all = new CountDisplay(terminal).Show("bench", "cases", subjects.Count, progress =>
        {
            var measured = new List<BenchMeasures>();
            foreach (var subject in subjects)
            {
                measured.Add(BenchRun.Of(subject, seconds, againstEager, cancellation));
                progress.Report(measured.Count);
            }

            return measured;
        });
        return new BenchResult(all, peak, torch.get_num_threads(), againstEager);
    }
}
