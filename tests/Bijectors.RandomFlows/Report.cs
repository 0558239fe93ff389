using Bijectors.Testing;

namespace Bijectors.RandomFlows;

/// <summary>Writes what was drawn and what failed.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly SortedDictionary<string, (int Flows, int Times)> _forms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);

    public int Flows { get; private set; }

    public int Failures { get; private set; }

    public int OfKind(string kind) => _failures.GetValueOrDefault(kind);

    public void Count(RandomFlow flow)
    {
        Flows++;
        foreach (var form in flow.Forms.CountBy(form => form))
        {
            var (flows, times) = _forms.GetValueOrDefault(form.Key);
            _forms[form.Key] = (flows + 1, times + form.Value);
        }

        var shape = $"events of rank {flow.Shape.Rank}, {(flow.ContextSize is null ? "no context" : "with a context")}";
        _shapes[shape] = _shapes.GetValueOrDefault(shape) + 1;
    }

    public void Fail(DrawnFlow drawn, Failure failure, (RandomFlow Flow, Failure Failure)? least)
    {
        Failures++;
        _failures[failure.Kind] = OfKind(failure.Kind) + 1;
        output.WriteLine($"=== {failure.Kind} fails   ({drawn.Command})");
        output.WriteLine(drawn);
        output.WriteLine(failure.Reason);
        if (least is { } smaller && !smaller.Flow.Equals(drawn.Flow))
        {
            output.WriteLine("--- still fails with");
            output.WriteLine(smaller.Flow);
            output.WriteLine(smaller.Failure.Reason);
        }

        output.WriteLine();
    }

    /// <summary>The table of forms, then those of shapes and of failures.</summary>
    public void Summarize(string time)
    {
        output.WriteLine($"{"form",-44}{"flows",9}{"times",9}");
        foreach (var (form, (flows, times)) in _forms)
        {
            output.WriteLine($"{form,-44}{flows,9}{times,9}");
        }

        output.WriteLine();
        foreach (var (shape, flows) in _shapes)
        {
            output.WriteLine($"{shape,-44}{flows,9}");
        }

        foreach (var (kind, flows) in _failures)
        {
            output.WriteLine($"FAILED {kind,-37}{flows,9}");
        }

        output.WriteLine($"{Flows} flows, {Failures} failed, {time}.");
    }
}
