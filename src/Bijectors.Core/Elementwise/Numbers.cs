namespace Bijectors;

/// <summary>Checks of the numbers in constructors.</summary>
internal static class Numbers
{
    /// <exception cref="ArgumentException">The number is too small.</exception>
    public static void CheckCount(string whose, string what, long number, long least)
    {
        if (number < least)
        {
            throw new ArgumentOutOfRangeException(
                paramName: null,
                FormattableString.Invariant($"{whose}: expected {what} of {least} or more, got {number}."));
        }
    }

    /// <exception cref="ArgumentException">The number is not finite.</exception>
    public static void CheckFinite(string whose, double number)
    {
        if (!double.IsFinite(number))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{whose}: expected a finite number, got {number}."));
        }
    }

    /// <exception cref="ArgumentException">The number is zero or not finite.</exception>
    public static void CheckNonZero(string whose, double number)
    {
        if (number == 0 || !double.IsFinite(number))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{whose}: expected a finite number that is not zero, got {number}."));
        }
    }

    /// <exception cref="ArgumentException">The number is not positive and finite.</exception>
    public static void CheckPositive(string whose, double number)
    {
        if (!(number > 0) || !double.IsFinite(number))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{whose}: expected a finite number greater than zero, got {number}."));
        }
    }
}
