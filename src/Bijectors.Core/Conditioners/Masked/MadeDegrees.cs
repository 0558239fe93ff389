using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The order and the degrees that the options of a <see cref="Made"/> ask for.</summary>
internal static class MadeDegrees
{
    /// <summary>Checks what does not depend on drawn numbers.</summary>
    /// <exception cref="ArgumentException">The order is none of all features, or there is not one degree from 0 to D -
    /// 1 for each hidden unit.</exception>
    public static void Check(long features, long hidden, MadeOptions options)
    {
        if (options.Order is { } order && !order.Order().SequenceEqual(Enumerable.Range(0, (int)features)))
        {
            throw new ArgumentException(
                $"Made: expected an order with each of the features 0 to {features - 1} once, got "
                + $"[{string.Join(", ", order)}].",
                nameof(options));
        }

        if (options.Degrees is { } degrees
            && (options.RandomDegrees || degrees.Count != hidden
                || degrees.Any(degree => degree < 0 || degree >= features)))
        {
            throw new ArgumentException(
                $"Made: expected {hidden} degrees from 0 to {features - 1}, one for each hidden unit, or random ones, "
                + $"got [{string.Join(", ", degrees)}]{(options.RandomDegrees ? " and random ones" : "")}.",
                nameof(options));
        }
    }

    /// <summary>The order and the degrees.</summary>
    public static MadeOrder Order(
        long features, long hidden, long contextSize, MadeOptions options, Generator generator)
    {
        // The first feature depends on the context through units of degree 0; without context they would carry nothing.
        var lowest = contextSize > 0 ? 0 : Math.Min(1, features - 1);
        var count = features - lowest;
        long[] degrees = options.Degrees is { } given ? [.. given.Select(degree => (long)degree)]
            : options.RandomDegrees ? Draw(lowest, count, hidden, generator)
            : [.. Enumerable.Range(0, (int)hidden)
                .Select(k => lowest + (hidden < count ? k * count / hidden : k % count))];
        return new(degrees, [.. options.Order ?? [.. Enumerable.Range(0, (int)features)]]);
    }

    private static long[] Draw(long lowest, long count, long hidden, Generator generator)
    {
        using var unit = rand([hidden], ScalarType.Float64, generator: generator);
        return [.. unit.data<double>().Select(u => lowest + Math.Min(count - 1, (long)(u * count)))];
    }
}
