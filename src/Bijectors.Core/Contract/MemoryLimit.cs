namespace Bijectors;

/// <summary>
/// Stops tensors that no memory holds before memory is asked for: a draw of random numbers that cannot be allocated ends
/// the process inside torch.
/// </summary>
internal static class MemoryLimit
{
    private const int Float32Bytes = 4;

    [ThreadStatic]
    private static long? s_left;

    /// <summary>Makes a flow of at most so many numbers.</summary>
    /// <exception cref="InsufficientMemoryException">It would have more.</exception>
    public static T Within<T>(long numbers, Func<T> create)
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

    /// <summary>Says that a float32 tensor is about to be made.</summary>
    /// <exception cref="InsufficientMemoryException">It is larger than the memory, or than what is left of a limit.</exception>
    public static void Take(string whose, params ReadOnlySpan<long> shape)
    {
        var numbers = (Int128)1;
        foreach (var size in shape)
        {
            numbers = Int128.Min(numbers * size, long.MaxValue);
        }

        if (s_left is { } left)
        {
            s_left = numbers <= left
                ? (long)(left - numbers)
                : throw new InsufficientMemoryException($"{whose}: expected at most {left} further numbers, got {numbers}.");
        }

        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (memory > 0 && numbers * Float32Bytes > memory)
        {
            throw new InsufficientMemoryException(
                $"{whose}: expected a tensor that fits into the {memory >> 20} MiB of memory there are, "
                + $"got one of {(numbers * Float32Bytes) >> 20} MiB; choose smaller sizes.");
        }
    }
}
