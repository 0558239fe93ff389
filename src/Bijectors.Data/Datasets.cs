using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// The data sets there are: bundled digits, two-dimensional toys, and what is read from files (images in one part of
/// this class, vectors in another). Every random choice comes from the seed; the global random state is never touched.
/// </summary>
public static partial class Datasets
{
    /// <summary>
    /// What <see cref="Open"/> understands, one spelling each: <c>digits</c>, <c>moons</c>, ..., <c>csv:PATH</c>.
    /// </summary>
    public static IReadOnlyList<string> Specs => DatasetSpec.Spellings;

    /// <summary>The names that <see cref="Toy"/> knows.</summary>
    public static IReadOnlyList<string> ToyNames => ToyShapes.Names;

    /// <summary>
    /// A data set by a short text, as on a command line: a name (<c>digits</c>, <c>moons</c>), a kind and a path
    /// (<c>csv:PATH</c>, <c>npz:PATH#key</c>), or a path alone, whose kind follows from its extension or from what the
    /// folder holds.
    /// </summary>
    /// <param name="spec">One of <see cref="Specs"/>, or a path.</param>
    /// <param name="seed">The seed of the split, and of the points of a toy.</param>
    /// <exception cref="DataException">The text names nothing there is, or the data cannot be read.</exception>
    public static Dataset Open(string spec, int seed = 0) => DatasetSpec.Open(spec, seed);

    /// <summary>
    /// The text of the same data with a path that leads there from any folder: <c>csv:/data/a.csv?target=y</c>. A name
    /// without a path stays as it is.
    /// </summary>
    /// <param name="spec">A text that <see cref="Open"/> understands.</param>
    /// <param name="folder">The folder that its path starts from, as a full path.</param>
    /// <exception cref="DataException">The text after the question mark cannot be understood.</exception>
    public static string Rooted(string spec, string folder) => DatasetSpec.Rooted(spec, folder);

    /// <summary>
    /// What the text of a table says of its columns:
    /// <c>csv:PATH?target=y&amp;context=x&amp;category=x&amp;missing=y</c>, or with <c>parquet:</c> or <c>arrow:</c>,
    /// or without.
    /// </summary>
    /// <param name="spec">The text.</param>
    /// <returns>The path, and the names or numbers of columns; null for those that are not named.</returns>
    /// <exception cref="DataException">The text after the question mark cannot be understood.</exception>
    public static TableQuery TableColumns(string spec)
    {
        var (text, query) = SpecQuery.Parse(spec);
        return query.Table(DatasetSpec.TablePath(text));
    }

    /// <summary>
    /// Handwritten digits, bundled: 1,797 images <c>(1, 8, 8)</c> with values 0..16 and the digit as label, split 1,297
    /// / 250 / 250. Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI, CC BY 4.0.
    /// </summary>
    /// <param name="seed">The seed of the split.</param>
    public static Dataset Digits(int seed = 0) => DigitsSet.Open(seed);

    /// <summary>
    /// Points in the plane with a structure that a flow must bend or tear space for; split in fractions 0.8, 0.1, 0.1.
    /// With t uniform on [0, pi], a uniform on [0, 2 pi], u uniform on [0, 1], e standard normal, each drawn anew:
    /// <list type="bullet">
    /// <item><c>moons</c>: <c>(cos t, sin t)</c> or <c>(1 - cos t, 1/2 - sin t)</c>, plus 0.1 e.</item>
    /// <item><c>circles</c>: <c>r (cos a, sin a)</c>, r = 1 or 1/2, plus 0.05 e.</item>
    /// <item><c>eight-gaussians</c>: <c>(4 (cos k pi/4, sin k pi/4) + e/2) / sqrt 2</c>, k = 0..7.</item>
    /// <item><c>checkerboard</c>: uniform on the dark squares of side 2 of [-4, 4] x [-4, 4], density 1/32.</item>
    /// <item>
    /// <c>pinwheel</c>: <c>2 R(2 pi k/5 + exp(r)/4) (r, w)</c>, R the rotation, r = 1 + 0.3 e, w = 0.1 e, k = 0..4.
    /// </item>
    /// <item>
    /// <c>spirals</c>: <c>(-s cos s + u/2, s sin s + u/2) / 3</c> or its negative, s = 3 pi sqrt(u), plus 0.1 e.
    /// </item>
    /// </list>
    /// Labels name the component: the moon, circle, Gaussian, arm or spiral; the checkerboard has none.
    /// </summary>
    /// <param name="name">One of <see cref="ToyNames"/>.</param>
    /// <param name="count">The number of points of all three parts together.</param>
    /// <param name="seed">The seed of points and split.</param>
    /// <exception cref="DataException">There is no toy of that name, or the count is too small to split.</exception>
    public static Dataset Toy(string name, int count = 10_000, int seed = 0) => ToyShapes.Open(name, count, seed);

    /// <summary>A data set of a tensor, which stays the caller's: the parts are copies in float32.</summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="items">The items, <c>(N, ...)</c>, of any real dtype.</param>
    /// <param name="split">How items are dealt out; <see cref="Split.Usual"/> if null.</param>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="levels">The number of values of a pixel; null for continuous values.</param>
    /// <param name="labels">The classes of the items, integers <c>(N)</c>; null where there are none.</param>
    /// <exception cref="DataException">
    /// The set is empty or too small to split, a value is not finite or no level, labels do not match.
    /// </exception>
    public static Dataset FromTensor(
        string name, Tensor items, Split? split = null, int seed = 0, int? levels = null, Tensor? labels = null)
        => SplitItems.Deal(name, items, split ?? Split.Usual, seed, levels, labels);
}
