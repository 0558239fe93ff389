using Bijectors.Files;

namespace Bijectors.Data;

/// <summary>
/// Data cannot be used as they are: a file is missing, cut short or of another kind, a value is not a number, a split
/// does not fit. The message is one sentence that says whose, what was expected, what came, and what to do:
/// <c>a.csv: expected a finite number in row 3, column 2, got 'abc'; mend it, or check header and separator.</c>
/// </summary>
public sealed class DataException : Exception
{
    private const int LongestQuote = 500;

    /// <summary>An exception of one file, data set or function.</summary>
    /// <param name="whose">The file, the data set or the function that complains.</param>
    /// <param name="expected">What it expected.</param>
    /// <param name="got">What came instead.</param>
    /// <param name="advice">What to do about it, if that is not plain.</param>
    /// <param name="inner">The failure of a file or a decoder underneath.</param>
    public DataException(string whose, string expected, string got, string? advice = null, Exception? inner = null)
        : base(
            $"{Short(whose)}: expected {Short(expected)}, got {Short(got)}"
                + $"{(advice is null ? "" : $"; {Short(advice)}")}.",
            inner)
    {
    }

    /// <summary>A cell or a header of a damaged file may be megabytes long.</summary>
    private static string Short(string text) => OneLine.Of(
        text.Length <= LongestQuote ? text : $"{text.AsSpan(0, LongestQuote)}... ({text.Length} characters)");
}
