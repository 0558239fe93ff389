namespace Bijectors.Testing.Doctor;

/// <summary>
/// How an argument is drawn: numbers that float32 has exactly, so that both dtypes are asked the same.
/// </summary>
/// <param name="Numbers">The numbers of a shape, one row after another.</param>
/// <param name="DType">The dtype of what is not a real number; null for the dtype that is checked.</param>
internal sealed record Draw(Func<Random, int[], double[]> Numbers, ScalarType? DType = null)
{
    /// <summary>Truth values, as 0 and 1.</summary>
    public static Draw Flags { get; } = new((random, shape) => Fill(shape, () => random.Next(2)), ScalarType.Bool);

    /// <summary>Whole numbers 0 to 6.</summary>
    public static Draw Whole { get; } = new((random, shape) => Fill(shape, () => random.Next(7)), ScalarType.Int64);

    /// <summary>Numbers among which some are equal.</summary>
    public static Draw Steps { get; } = new((random, shape) => Fill(shape, () => random.Next(-2, 3)));

    /// <summary>Numbers among which some are NaN or infinite.</summary>
    public static Draw WithoutLimits { get; } = new((random, shape) => Fill(shape, () => random.Next(6) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        _ => Uniform(random, -3, 3),
    }));

    /// <summary>Numbers of which no two are equal, in any order.</summary>
    public static Draw Distinct { get; } = new((random, shape) =>
    {
        var numbers = Enumerable.Range(0, RealArray.Count(shape)).Select(i => i / 64.0).ToArray();
        random.Shuffle(numbers);
        return numbers;
    });

    /// <summary>Numbers among which some are NaN.</summary>
    public static Draw WithNaN { get; } =
        new((random, shape) => Fill(shape, () => random.Next(4) == 0 ? double.NaN : Uniform(random, -3, 3)));

    /// <summary>
    /// Square matrices with a heavy diagonal: they are far from singular, and elimination needs no exchange of rows.
    /// </summary>
    public static Draw Dominant { get; } = new((random, shape) =>
    {
        var (size, numbers) = (shape[^1], Between(-1, 1).Numbers(random, shape));
        for (var i = 0; i < numbers.Length; i++)
        {
            var onDiagonal = i / size % size == i % size;
            numbers[i] = onDiagonal ? numbers[i] + (Math.Sign(numbers[i]) * size) : numbers[i];
        }

        return numbers;
    });

    /// <summary>Uniform numbers between two ends.</summary>
    public static Draw Between(double low, double high) =>
        new((random, shape) => Fill(shape, () => Uniform(random, low, high)));

    private static double Uniform(Random random, double low, double high) =>
        (float)(low + ((high - low) * random.NextDouble()));

    private static double[] Fill(int[] shape, Func<double> draw)
    {
        var numbers = new double[RealArray.Count(shape)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = draw();
        }

        return numbers;
    }
}
