using System.Globalization;

namespace Bijectors.Testing.Doctor;

/// <summary>How often an operation was asked, and how often which of its results was wrong.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, (int Wrong, string Example)> _wrong = [];
    private readonly HashSet<string> _compared = [];

    /// <summary>How many results were compared.</summary>
    public int Checks { get; private set; }

    /// <summary>How often what was wrong, with the first example.</summary>
    public IEnumerable<(string What, int Wrong, string Example)> Wrong =>
        _wrong.Select(one => (one.Key, one.Value.Wrong, one.Value.Example));

    /// <summary>Which results were compared.</summary>
    public IReadOnlyCollection<string> Compared => _compared;

    /// <summary>The largest error that was seen, in units of what is allowed.</summary>
    public double Worst { get; private set; }

    /// <summary>Compares one result.</summary>
    /// <param name="what">Which of the results.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="allowed">How far off each may be.</param>
    /// <param name="got">What it is.</param>
    /// <param name="where">Tells the circumstances.</param>
    public void Compare(string what, double[] expected, double[] allowed, double[] got, Func<string> where)
    {
        Checks++;
        _compared.Add(what);
        if (got.Length != expected.Length)
        {
            Add(what, $"{where()}: expected {expected.Length} numbers, got {got.Length}");
            return;
        }

        var (wrong, worst) = (-1, 1.0);
        for (var i = 0; i < got.Length; i++)
        {
            var off = Off(expected[i], got[i], allowed[i]);
            Worst = Math.Max(Worst, off);
            (wrong, worst) = off > worst ? (i, off) : (wrong, worst);
        }

        if (wrong >= 0)
        {
            var place = $"in place {wrong} of {got.Length}";
            Add(what, $"{where()}: expected {Text(expected[wrong])}, got {Text(got[wrong])} {place}");
        }
    }

    /// <summary>Notes a call that threw.</summary>
    public void Threw(string what, Exception exception, Func<string> where)
    {
        Checks++;
        Add(what, $"{where()}: {exception.GetType().Name}, {exception.Message.Split('\n')[0]}");
    }

    private void Add(string what, string example) =>
        _wrong[what] = _wrong.TryGetValue(what, out var known) ? (known.Wrong + 1, known.Example) : (1, example);

    private static double Off(double expected, double got, double allowed) =>
        expected.Equals(got) || expected == got ? 0
        : !double.IsFinite(expected) || !double.IsFinite(got) ? double.PositiveInfinity
        : Math.Abs(expected - got) / allowed;

    private static string Text(double number) => number.ToString("G9", CultureInfo.InvariantCulture);
}
