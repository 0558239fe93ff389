namespace Bijectors.Testing;

/// <summary>
/// Compares estimated log-dets: the mean of independent draws, a call each, with what it must be, within six standard
/// errors. The noise is that of the law, so a verdict does not change from one run to the next.
/// </summary>
internal static class Estimated
{
    /// <summary>How many calls tell whether an estimate has a bias.</summary>
    public const int Draws = 400;

    /// <summary>How many tell whether it is of the right thing at all, as in a batch of another size.</summary>
    public const int FewDraws = 50;

    /// <summary>How many standard errors a mean may be off.</summary>
    public const double MostErrors = 6;

    // Calls cost about the same for more points, and their own noise then averages out.
    private const int Copies = 16;
    private const string Explains = "rounding and six standard errors explain";

    /// <summary>What is wrong with the estimates at points, or with their average over the points.</summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="direction">Whose log-dets.</param>
    /// <param name="points">Where.</param>
    /// <param name="exact">What the log-dets are, <c>(B)</c>.</param>
    /// <param name="allowed">What rounding explains, <c>(B)</c>.</param>
    /// <param name="draws">How many calls.</param>
    public static Mismatch? Bias(
        string what, Direction direction, Points points, Tensor exact, Tensor allowed, int draws)
    {
        using var grad = no_grad();
        var many = Points.Join([.. Enumerable.Repeat(points, Copies)]);
        var (mean, error) = direction.Draw(draws, () =>
        {
            var each =
                direction.EstimateOnce(many.X, many.Context).to(ScalarType.Float64).reshape(Copies, -1).mean([0L]);
            return cat([each, each.mean().reshape(1)], 0);
        });
        var room = cat([allowed, allowed.mean().reshape(1)], 0) + MostErrors * error;
        var expected = cat([exact, exact.mean().reshape(1)], 0);
        var name = $"{what}, the mean of {draws} draws";
        return Close.Find(name, exact, mean.narrow(0, 0, points.Count), room.narrow(0, 0, points.Count), Explains)
            ?? Close.Find($"{name} and of all points", expected[-1], mean[-1], room[-1], Explains);
    }

    /// <summary>What is wrong with the estimates of one call, however its points are laid out.</summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="direction">Whose log-dets.</param>
    /// <param name="points">Where.</param>
    /// <param name="exact">What the log-dets are, of the shape of the batch.</param>
    /// <param name="allowed">What rounding explains, of that shape.</param>
    public static Mismatch? Find(string what, Direction direction, Points points, Tensor exact, Tensor allowed)
    {
        var (mean, error) = Few(direction, points);
        return Close.Find($"{what}, the mean of {FewDraws} draws", exact, mean, allowed + MostErrors * error, Explains);
    }

    /// <summary>The mean of a few draws at points, and its standard error.</summary>
    public static (Tensor Mean, Tensor Error) Few(Direction direction, Points points, int? eventRank = null)
    {
        using var grad = no_grad();
        return direction.Draw(FewDraws, () => direction.EstimateOnce(points.X, points.Context, eventRank));
    }

    /// <summary>What is wrong with means that should be the same.</summary>
    public static Mismatch? Agree(
        string what, (Tensor Mean, Tensor Error) expected, (Tensor Mean, Tensor Error) got, Tensor allowed)
    {
        var error = (expected.Error.square() + got.Error.square()).sqrt();
        var room = allowed + MostErrors * error;
        return Close.Find($"{what}, the mean of {FewDraws} draws", expected.Mean, got.Mean, room, Explains);
    }

    /// <summary>By how much a sum of terms may be off whose logarithms are, each by its standard error.</summary>
    public static Tensor OfExponential(Tensor terms, Tensor error) => (terms * (MostErrors * error).expm1()).sum([0L]);
}
