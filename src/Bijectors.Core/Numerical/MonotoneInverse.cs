using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The inverse of an increasing elementwise map without a closed one, for <see cref="PrimitiveAttribute">rows</see> of
/// one's own whose slope is known.
/// </summary>
public static class MonotoneInverse
{
    /// <summary>
    /// The x with <c>map(x) = y</c>, to a few units in the last place, found between brackets; with the gradients of
    /// the inverse, for y and for what the map depends on, where gradients are on.
    /// </summary>
    /// <param name="y">Values of the map, any shape.</param>
    /// <param name="map">The map: elementwise, increasing, of the shape of its argument. It is called about 20 times,
    /// and up to three times more for gradients.</param>
    /// <param name="low">The lower end of its domain, excluded.</param>
    /// <param name="high">The upper end of its domain, excluded.</param>
    /// <returns>A fresh tensor of the shape of y; NaN where y is NaN or outside the range of the map.</returns>
    public static Tensor Of(
        Tensor y, Func<Tensor, Tensor> map, double low = double.NegativeInfinity, double high = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(map);
        using var x = Search(y, map, () => new Bracket(y, low, high));
        return WithGradients(x, y, map);
    }

    /// <summary>The same where an interval of each element's own is known to hold the solution: fewer calls of the
    /// map.</summary>
    /// <inheritdoc cref="Of(Tensor, Func{Tensor, Tensor}, double, double)"/>
    /// <param name="y">Values of the map, any shape.</param>
    /// <param name="map">The map: elementwise, increasing, of the shape of its argument.</param>
    /// <param name="low">Below the solution, the shape of y.</param>
    /// <param name="high">Above the solution, the shape of y.</param>
    public static Tensor Of(Tensor y, Func<Tensor, Tensor> map, Tensor low, Tensor high)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        using var x = Search(y, map, () => new Bracket(low, high));
        return WithGradients(x, y, map);
    }

    /// <summary>The solution with derivatives of any order, also to what the map depends on.</summary>
    internal static Tensor WithGradients(Tensor solution, Tensor y, Func<Tensor, Tensor> map) =>
        Implicit.Attach(solution, y, (mapped, _) => map(mapped), eventRank: 0, steps: 1);

    private static Tensor Search(Tensor y, Func<Tensor, Tensor> map, Func<Bracket> begin)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var bracket = begin();
        while (!bracket.IsTight)
        {
            using var step = NewDisposeScope();
            var x = bracket.Next();
            bracket.Narrow(x, map(x) - y);
        }

        return bracket.Root(y).MoveToOuterDisposeScope();
    }
}
