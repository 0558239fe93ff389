using System.Diagnostics;
using System.Globalization;

namespace Bijectors.Benchmarks;

/// <summary>
/// Times of the same few things, taken in turn, so that what else the machine does falls on all of them alike.
/// Processor time, of all threads together, depends on that less.
/// </summary>
internal sealed class Rounds
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, List<(double Elapsed, double Processor)>> _times = [];

    /// <summary>The median times of a thing, in milliseconds.</summary>
    public (double Elapsed, double Processor) this[string name] =>
        (Median(_times[name].Select(time => time.Elapsed)), Median(_times[name].Select(time => time.Processor)));

    /// <summary>Does a thing and takes its time.</summary>
    public T Time<T>(string name, Func<T> act)
    {
        // A thing stands before those inside it.
        Named(name);
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var result = act();
        Add(name, watch.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
        return result;
    }

    /// <summary>Takes a time that somebody else has measured.</summary>
    public void Add(string name, double elapsed, double processor = double.NaN) =>
        Named(name).Add((elapsed, processor));

    /// <summary>Forgets the rounds so far: the compiler of the runtime was at work in them.</summary>
    public void Forget() => _times.Values.ToList().ForEach(times => times.Clear());

    /// <summary>One line a thing: median, least and largest time, and the median of the processor's.</summary>
    public void Print()
    {
        Console.WriteLine($"{"",-44}{"median",12}{"least",12}{"largest",12}{"processor",12}");
        foreach (var name in _order)
        {
            var elapsed = _times[name].Select(time => time.Elapsed).ToList();
            var (median, processor) = this[name];
            Console.WriteLine($"{name,-44}{Text(median),12}{Text(elapsed.Min()),12}{Text(elapsed.Max()),12}"
                + $"{(double.IsNaN(processor) ? "" : Text(processor)),12}");
        }
    }

    /// <summary>A time with its unit.</summary>
    public static string Text(double milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F2} ms");

    private List<(double Elapsed, double Processor)> Named(string name)
    {
        if (!_times.TryGetValue(name, out var times))
        {
            _order.Add(name);
            _times[name] = times = [];
        }

        return times;
    }

    /// <summary>The median, of two in the middle their mean.</summary>
    public static double Median(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
