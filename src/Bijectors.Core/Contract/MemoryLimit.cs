namespace Bijectors;

/// <summary>
/// Stops tensors that no memory holds before memory is asked for: a draw of random numbers that cannot be allocated
/// ends the process inside torch, and one that can be but for other programs ends it in the system.
/// </summary>
public static class MemoryLimit
{
    private const int Float32Bytes = 4;

    // A flow is held four times and more while it is trained: weights, gradients, and two moments of Adam.
    private const int ShareOfWeights = 4;
    private const int ShareOfPoints = 2;

    [ThreadStatic]
    private static long? s_left;

    [ThreadStatic]
    private static long s_taken;

    /// <summary>How many numbers this thread has made for weights; what a call adds is what its layer holds.</summary>
    internal static long Taken => s_taken;

    private static long Memory =>
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var bytes ? bytes : long.MaxValue;

    /// <summary>Makes a flow of at most so many numbers.</summary>
    /// <exception cref="InsufficientMemoryException">It would have more.</exception>
    internal static T Within<T>(long numbers, Func<T> create)
    {
        var outer = s_left;
        s_left = numbers;
        try
        {
            return create();
        }
        finally
        {
            s_left = outer;
        }
    }

    /// <summary>Says that weights in float32 are about to be made.</summary>
    /// <param name="shape">Their shape.</param>
    /// <exception cref="InsufficientMemoryException">They take more than a quarter of the memory, or than what is
    /// left of a limit.</exception>
    public static void Take(params ReadOnlySpan<long> shape)
    {
        var numbers = CheckWeights(shape);
        s_taken += numbers;
        s_left -= numbers;
    }

    /// <summary>Asks whether weights could be made, before others are made that are of no use without them.</summary>
    /// <param name="shape">Their shape.</param>
    /// <returns>How many numbers they are.</returns>
    /// <inheritdoc cref="Take" path="/exception"/>
    public static long CheckWeights(params ReadOnlySpan<long> shape)
    {
        var numbers = Count(shape);
        if (numbers > s_left)
        {
            throw new InsufficientMemoryException(
                $"Weights: expected at most {s_left} further numbers, got {numbers}.");
        }

        Check("Weights", numbers, ShareOfWeights);
        return numbers;
    }

    /// <summary>Asks whether all weights of a flow could be made.</summary>
    /// <param name="numbers">How many they are by now.</param>
    /// <inheritdoc cref="Take" path="/exception"/>
    internal static void CheckFlow(long numbers) => Check("Flow", numbers, ShareOfWeights);

    /// <summary>Asks whether points could be drawn.</summary>
    /// <param name="shape">Their shape.</param>
    /// <exception cref="InsufficientMemoryException">They take more than half of the memory.</exception>
    public static void CheckPoints(params ReadOnlySpan<long> shape) => Check("Sample", Count(shape), ShareOfPoints);

    private static void Check(string whose, long numbers, int share)
    {
        var most = Memory / share;
        if (numbers > most / Float32Bytes)
        {
            throw new InsufficientMemoryException(
                $"{whose}: expected at most {most / Float32Bytes} numbers, 1/{share} of the memory there is, "
                + $"got {numbers}; choose smaller sizes.");
        }
    }

    private static long Count(ReadOnlySpan<long> shape)
    {
        var numbers = (Int128)1;
        foreach (var size in shape)
        {
            numbers = Int128.Min(numbers * size, long.MaxValue);
        }

        return (long)numbers;
    }
}
