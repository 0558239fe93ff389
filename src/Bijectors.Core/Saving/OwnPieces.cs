using System.Diagnostics.CodeAnalysis;

namespace Bijectors;

/// <summary>
/// The pieces of this library: each is written by its constructor, but for those that a method makes.
/// </summary>
internal static class OwnPieces
{
    private const string Whole = "build/Trimming.targets keeps this assembly whole.";

    private static readonly Type[] Kinds =
    [
        typeof(Bijector), typeof(Conditioner), typeof(Distribution), typeof(StochasticLayer), typeof(Partition),
        typeof(ScaleMap), typeof(LogDetEstimator),
    ];

    private static readonly SavedPiece[] MadeByMethods =
    [
        SavedPiece.Of<Chain>(
            nameof(Chain), (f, to) => to.Add("layers", f.Layers),
            from => Chain.OfLayers(from.Require<Bijector[]>("layers"))),
        SavedPiece.Of<Inverted>(
            nameof(Inverted), (f, to) => to.Add("inner", f.Inner),
            from => Inverted.OfSaved(from.Require<Bijector>("inner"))),
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
        SavedPiece.Of<Made>(nameof(Made), Write, Read),
        SavedPiece.Of<Activation>(nameof(Activation), Write, ReadActivation),
        SavedPiece.Of<CausalSolution>(
            nameof(CausalSolution),
            (solution, to) => to.Add("tolerance", solution.Tolerance),
            from => from.Get<double?>("tolerance") is { } tolerance
                ? CausalSolution.Jacobi(tolerance)
                : CausalSolution.Incremental),
    ];

    /// <summary>All of them.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = Whole)]
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = Whole)]
    [UnconditionalSuppressMessage("Trimming", "IL2111", Justification = Whole)]
    public static IEnumerable<SavedPiece> All =>
    [
        .. MadeByMethods,
        .. Sealed(Kinds).Where(type => MadeByMethods.All(made => made.Type != type))
            .Select(type => SavedPiece.ByConstructor(type.Name, type)),
        .. Sealed(typeof(NetworkOptions)).Select(type => SavedPiece.ByProperties(type.Name, type)),
    ];

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Whole)]
    private static IEnumerable<Type> Sealed(params Type[] kinds) => typeof(Bijector).Assembly.GetTypes()
        .Where(type => type is { IsSealed: true, IsGenericTypeDefinition: false }
            && kinds.Any(kind => kind.IsAssignableFrom(type)));

    private static void Write(Activation function, PieceWriter to)
    {
        to.Add("name", Activation.Named(function.Name, function.Slope).Name);
        if (function.Slope is { } slope)
        {
            to.Add("slope", slope);
        }
    }

    private static Activation ReadActivation(PieceReader from) => Activation.Named(
        from.Require<string>("name"), from.Names.Contains("slope") ? from.Get<double>("slope") : null);

    // Order and degrees are what the masks say, which are in the state.
    private static void Write(Made net, PieceWriter to)
    {
        to.Add("features", net.Features);
        to.Add("hidden", net.Hidden);
        to.Add("blockCount", net.BlockCount);
        to.Add("contextSize", net.ContextSize);
        to.Add("outputs", net.Outputs);
        to.Add("activation", net.Activation);
        to.Add("isResidual", net.IsResidual);
        to.Add("contextEntry", net.ContextEntry);
        to.Add("normalization", net.Normalization);
    }

    private static Made Read(PieceReader from)
    {
        // Files of earlier versions have neither of these two.
        var names = from.Names.ToHashSet();
        var options = new MadeOptions
        {
            ContextEntry = names.Contains("contextEntry") ? from.Get<ContextEntry>("contextEntry") : default,
            Normalization = names.Contains("normalization") ? from.Get<HiddenNormalization>("normalization") : default,
            Outputs = from.Get<int>("outputs"),
            Activation = from.Require<Activation>("activation"),
            IsResidual = from.Get<bool>("isResidual"),
        };
        return new(
            from.Get<long>("features"), from.Get<long>("hidden"), from.Get<int>("blockCount"), from.Generator,
            from.Get<long>("contextSize"), options);
    }
}
