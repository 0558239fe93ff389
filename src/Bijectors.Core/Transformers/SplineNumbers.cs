namespace Bijectors;

/// <summary>What the arguments of splines must be.</summary>
internal static class SplineNumbers
{
    /// <summary>A number of bins, of least shares that leave room.</summary>
    public static int Bins(string whose, int bins, double least)
    {
        Numbers.CheckCount(whose, "a number of bins", bins, least: 1);
        Least(whose, "share of a bin", least);
        return bins * least < 1
            ? bins
            : throw new ArgumentException(FormattableString.Invariant(
                $"{whose}: expected fewer than {1 / least:0} bins of a least share of {least}, got {bins}."));
    }

    /// <summary>A least value, 0 or more and below 1.</summary>
    public static double Least(string whose, string what, double least) => least is >= 0 and < 1
        ? least
        : throw new ArgumentException(
            FormattableString.Invariant($"{whose}: expected a least {what} from 0 to 1, got {least}."));

    /// <summary>The ends of splines that know two kinds of them.</summary>
    public static SplineEnds IdentityOrClosed(string whose, SplineEnds ends) =>
        ends is SplineEnds.Identity or SplineEnds.Closed
            ? ends
            : throw new ArgumentException(
                $"{whose}: expected ends {SplineEnds.Identity} or {SplineEnds.Closed}, got {ends}.");

    /// <summary>Where splines of such ends are defined.</summary>
    public static Domain Domain(SplineEnds ends, double bound) => ends switch
    {
        SplineEnds.Closed => Bijectors.Domain.Interval(-bound, bound),
        SplineEnds.Circular => Bijectors.Domain.Circle,
        _ => Bijectors.Domain.Real,
    };
}
