using Bijectors.RandomPrograms.Draw;
using Bijectors.RandomPrograms.Print;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Writes what was drawn and what failed.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly SortedDictionary<string, (int Programs, int Times)> _forms = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);

    public int Failures { get; private set; }

    public void Count(IReadOnlyDictionary<string, int> forms)
    {
        foreach (var (form, times) in forms)
        {
            var (programs, all) = _forms.GetValueOrDefault(form);
            _forms[form] = (programs + 1, all + times);
        }
    }

    public void Fail(string which, string command, Failure failure, DrawnProgram program, DrawnProgram? least)
    {
        Failures++;
        _failures[failure.Kind] = _failures.GetValueOrDefault(failure.Kind) + 1;
        output.WriteLine($"=== {which} fails: {failure.Kind}   ({command})");
        output.WriteLine(failure.Reason);
        output.WriteLine("--- the program");
        output.WriteLine(Listing.Of(program));
        if (least is not null)
        {
            output.WriteLine("--- still fails with");
            output.WriteLine(Listing.Of(least));
        }
    }

    /// <summary>The table of forms, then that of failures.</summary>
    public void Summarize(string title)
    {
        output.WriteLine(title);
        output.WriteLine($"{"form",-44}{"programs",9}{"times",9}");
        foreach (var (form, (programs, times)) in _forms)
        {
            output.WriteLine($"{form,-44}{programs,9}{times,9}");
        }

        foreach (var (kind, count) in _failures)
        {
            output.WriteLine($"FAILED {kind,-37}{count,9}");
        }

        output.WriteLine();
    }
}
