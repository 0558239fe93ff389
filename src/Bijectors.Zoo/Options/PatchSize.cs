namespace Bijectors.Zoo;

/// <summary>How large the patches of an image should be.</summary>
internal static class PatchSize
{
    /// <summary>
    /// The side p at which the longer of the two axes of the table, (h/p)(w/p) patches and c p p channels, is shortest:
    /// 2 for 8 x 8, 4 for 28 x 28 and for 32 x 32 in colour.
    /// </summary>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="fits">Which numbers of patches will do; any by default.</param>
    /// <returns>The side; null where the item is no image or no side will do.</returns>
    public static int? Balanced(Shape shape, Func<long, bool>? fits = null)
    {
        if (shape.Rank != 3)
        {
            return null;
        }

        var sides = Enumerable.Range(1, (int)Math.Min(shape[-1], shape[-2]))
            .Where(side => shape[-1] % side == 0 && shape[-2] % side == 0)
            .Where(side => fits?.Invoke(Count(shape, side)) ?? true).ToList();
        return sides.Count == 0 ? null : sides.MinBy(side => LongerAxis(shape, side));
    }

    /// <summary>Options with the patch size and the spline of each entry that suit an image.</summary>
    /// <param name="options">The options; they keep what does not depend on the image.</param>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="fits">Which numbers of patches will do; any by default.</param>
    public static TOptions For<TOptions>(this TOptions options, Shape shape, Func<long, bool>? fits = null)
        where TOptions : PatchOptions
    {
        PatchOptions basis = options;
        return (TOptions)(basis with
        {
            Patch = Balanced(shape, fits) ?? options.Patch,
            MarginalBins = PixelSteps.MarginalBins(shape),
        });
    }

    /// <summary>The longer of the two axes, patches or channels of a patch.</summary>
    /// <param name="image">The shape of an image.</param>
    /// <param name="side">The side of a patch.</param>
    public static long LongerAxis(Shape image, int side) =>
        Math.Max(Count(image, side), image[-3] * Math.Max(1, side) * Math.Max(1, side));

    private static long Count(Shape image, int side) =>
        image[-1] * image[-2] / ((long)Math.Max(1, side) * Math.Max(1, side));
}
