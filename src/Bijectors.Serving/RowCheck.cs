namespace Bijectors.Serving;

/// <summary>Checks rows of numbers before anything waits for them, and puts them one after another.</summary>
internal static class RowCheck
{
    /// <summary>The numbers of rows of one size.</summary>
    /// <param name="what">What a row is, for messages: <c>Item</c>.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="size">How many numbers each has.</param>
    /// <param name="levels">Where they are whole numbers, how many values there are; null otherwise.</param>
    /// <param name="missing">The places at which NaN stands for a number that is missing.</param>
    /// <exception cref="ArgumentException">A row has another size, or a number that it may not have.</exception>
    public static double[] Flat(string what, IReadOnlyList<double[]> rows, long size, int? levels = null,
        IReadOnlyList<long>? missing = null)
    {
        var numbers = new double[checked(rows.Count * size)];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not { } row || row.Length != size)
            {
                throw new ArgumentException(
                    $"{what} {i + 1}: expected {size} numbers, got {rows[i]?.Length ?? 0}.");
            }

            for (var place = 0; place < row.Length; place++)
            {
                var number = row[place];
                if (!double.IsFinite(number) && !(double.IsNaN(number) && missing?.Contains(place) == true))
                {
                    throw new ArgumentException($"{what} {i + 1}: expected finite numbers, got {number}.");
                }

                if (levels is { } count && (number < 0 || number >= count || number != Math.Floor(number)))
                {
                    throw new ArgumentException(
                        $"{what} {i + 1}: expected whole numbers from 0 to {count - 1}, got {number}.");
                }
            }

            row.CopyTo(numbers, i * size);
        }

        return numbers;
    }
}
