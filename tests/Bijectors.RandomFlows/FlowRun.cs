using Bijectors.Testing;

namespace Bijectors.RandomFlows;

/// <summary>Draws flows and checks them one after another.</summary>
internal static class FlowRun
{
    private const int Patience = 200;

    /// <summary>The report; flows that fail are shrunk, the first few of each kind.</summary>
    public static Report Run(
        IEnumerable<int> indices, int seed, int size, TextWriter output, TextWriter? progress = null)
    {
        var report = new Report(output);
        foreach (var index in indices)
        {
            progress?.Write($"\rflow {index}, {report.Failures} failed ");
            var drawn = DrawnFlow.Of(seed, index, size);
            report.Count(drawn.Flow);
            if (FlowCheck.Find(drawn.Flow, drawn.CaseSeed) is { } failure)
            {
                var least = report.OfKind(failure.Kind) < 3
                    ? Least(drawn.Flow, drawn.CaseSeed, failure)
                    : ((RandomFlow, Failure)?)null;
                report.Fail(drawn, failure, least);
            }
        }

        progress?.WriteLine();
        return report;
    }

    /// <summary>The smallest flow found that fails in the same way.</summary>
    private static (RandomFlow Flow, Failure Failure) Least(RandomFlow flow, int caseSeed, Failure failure)
    {
        var tries = 0;
        for (var changed = true; changed && tries < Patience;)
        {
            changed = false;
            foreach (var smaller in flow.Smaller().TakeWhile(_ => tries++ < Patience))
            {
                if (FlowCheck.Find(smaller, caseSeed, failure.Kind) is { } still && still.Kind == failure.Kind)
                {
                    (flow, failure, changed) = (smaller, still, true);
                    break;
                }
            }
        }

        return (flow, failure);
    }
}
