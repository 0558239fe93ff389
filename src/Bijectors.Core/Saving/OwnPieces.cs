namespace Bijectors;

/// <summary>The pieces of this library: each is written by its constructor, but for those that a method makes.</summary>
internal static class OwnPieces
{
    private static readonly Type[] Kinds =
    [
        typeof(Bijector), typeof(Conditioner), typeof(Distribution), typeof(StochasticLayer), typeof(Partition),
        typeof(ScaleMap), typeof(LogDetEstimator),
    ];

    private static readonly SavedPiece[] MadeByMethods =
    [
        SavedPiece.Of<Chain>(
            nameof(Chain), (f, to) => to.Add("layers", f.Layers), from => Chain.OfLayers(from.Get<Bijector[]>("layers"))),
        SavedPiece.Of<Inverted>(
            nameof(Inverted), (f, to) => to.Add("inner", f.Inner), from => (Inverted)Inverted.Of(from.Get<Bijector>("inner"))),
        SavedPiece.Of<ActNorm>(
            nameof(ActNorm),
            (f, to) =>
            {
                to.Add("shape", f.Shape);
                to.Add("axis", f.Axis);
                to.Add("floor", f.Floor);
            },
            from => from.Get<int?>("axis") is { } axis
                ? new(from.Get<Shape>("shape"), axis, from.Get<double>("floor"))
                : ActNorm.Elements(from.Get<Shape>("shape"), from.Get<double>("floor"))),
        SavedPiece.Of<CausalSolution>(
            nameof(CausalSolution),
            (solution, to) => to.Add("tolerance", solution.Tolerance),
            from => from.Get<double?>("tolerance") is { } tolerance ? CausalSolution.Jacobi(tolerance) : CausalSolution.Incremental),
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<SavedPiece> All => MadeByMethods.Concat(
        typeof(Bijector).Assembly.GetTypes()
            .Where(type => type is { IsSealed: true, IsGenericTypeDefinition: false }
                && Kinds.Any(kind => kind.IsAssignableFrom(type))
                && MadeByMethods.All(made => made.Type != type))
            .Select(type => SavedPiece.ByConstructor(type.Name, type)));
}
