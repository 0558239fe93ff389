namespace Bijectors;

/// <summary>
/// One of the maps that a composite runs one after another, see <see cref="Bijector.Stages"/>: the point is taken apart
/// by <see cref="From"/>, bijectors map its parts, all in one direction, and <see cref="Onto"/> puts what comes out
/// together.
/// </summary>
public sealed class Stage
{
    private Stage(View from, View onto, IReadOnlyList<Bijector?> children, bool isInverse)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(onto);
        ArgumentNullException.ThrowIfNull(children);
        (From, Onto, Children, IsInverse) = (from, onto, children, isInverse);
    }

    /// <summary>How the point that goes in is taken apart.</summary>
    public View From { get; }

    /// <summary>How the point that comes out is put together.</summary>
    public View Onto { get; }

    /// <summary>The bijector of each part; null for a part that passes unchanged.</summary>
    public IReadOnlyList<Bijector?> Children { get; }

    /// <summary>True where the inverses of the children run.</summary>
    public bool IsInverse { get; }

    /// <summary>
    /// True for a step that the composite computes itself: its bijector is made for the occasion and is no module of
    /// the composite.
    /// </summary>
    public bool IsOwn { get; private init; }

    /// <summary>
    /// True where the composite uses the child in a formula of its own, so that the stage is not the child's map.
    /// </summary>
    public bool IsFormula { get; private init; }

    /// <summary>True where one bijector maps the whole point.</summary>
    public bool IsWhole => ReferenceEquals(From, View.Whole) && ReferenceEquals(Onto, View.Whole) && !IsFormula;

    /// <summary>A bijector, or its inverse, on the whole point.</summary>
    /// <param name="child">A module of the composite.</param>
    /// <param name="isInverse">Whether its inverse runs.</param>
    public static Stage Of(Bijector child, bool isInverse = false) =>
        new(View.Whole, View.Whole, [Checked(child)], isInverse);

    /// <summary>Bijectors on the parts of a point, all at the same time.</summary>
    /// <param name="view">What the parts are, before and after.</param>
    /// <param name="children">A module of the composite for each part; null for a part that passes unchanged.</param>
    public static Stage On(View view, params IReadOnlyList<Bijector?> children) => new(view, view, children, false);

    /// <summary>
    /// Bijectors on the parts of a point, which is put together in another way than it was taken apart.
    /// </summary>
    /// <param name="from">What the parts are.</param>
    /// <param name="onto">How they are put together.</param>
    /// <param name="children">A module of the composite for each part; null for a part that passes unchanged.</param>
    public static Stage Between(View from, View onto, params IReadOnlyList<Bijector?> children) =>
        new(from, onto, children, false);

    /// <summary>A step on the whole point that the composite computes itself, with parameters of its own.</summary>
    /// <param name="step">The same map as a bijector, which reads the same parameters.</param>
    public static Stage Own(Bijector step) => new(View.Whole, View.Whole, [Checked(step)], false) { IsOwn = true };

    /// <summary>
    /// A bijector that the composite uses in a formula of its own: shown and counted, but not taken for a step of the
    /// map.
    /// </summary>
    /// <param name="child">A module of the composite.</param>
    /// <param name="view">What of the point it maps; the whole by default.</param>
    public static Stage Formula(Bijector child, View? view = null) =>
        new(view ?? View.Whole, view ?? View.Whole, [Checked(child)], false) { IsFormula = true };

    /// <summary>The stage that undoes this one.</summary>
    public Stage Reversed() => new(Onto, From, Children, !IsInverse) { IsOwn = IsOwn, IsFormula = IsFormula };

    /// <summary>The event shape that comes out when <paramref name="whole"/> goes in.</summary>
    /// <exception cref="ShapeException">It does not fit.</exception>
    /// <exception cref="InvalidOperationException">The stage is a formula, whose output is not known.</exception>
    public Shape OutputShape(Shape whole)
    {
        if (IsFormula)
        {
            throw new InvalidOperationException(
                "Stage: expected a map, got a bijector in a formula, "
                + "whose output shape only the composite knows; ask that.");
        }

        var parts = From.Apart(whole);
        return Onto.Together(whole, [.. parts.Select((part, i) => OutputShape(i, part))]);
    }

    /// <summary>The event shape that comes out of one child.</summary>
    internal Shape OutputShape(int index, Shape part) =>
        Children[index] is not { } child ? part : IsInverse ? child.InputShape(part) : child.OutputShape(part);

    private static Bijector Checked(Bijector child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return child;
    }
}
