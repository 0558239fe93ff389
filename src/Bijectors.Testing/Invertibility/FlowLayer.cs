namespace Bijectors.Testing;

/// <summary>A layer of a flow that can be run by itself on the point that reaches it.</summary>
/// <param name="Path">Its name among the modules of the flow.</param>
/// <param name="Module">The layer itself.</param>
/// <param name="Way">The layer as it acts on a whole point.</param>
internal sealed record FlowLayer(string Path, Bijector Module, Way Way)
{
    /// <summary>The layers of a flow, the one that meets the data first.</summary>
    public static IReadOnlyList<FlowLayer> Of(Flow flow)
    {
        var names = new Dictionary<object, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in flow.named_modules())
        {
            names.TryAdd(module, name);
        }

        var layers = new List<FlowLayer>();
        var shape = flow.EventShape;
        foreach (var (run, inverse, module) in Parts(flow.Transform))
        {
            var way = Way.StartingAt(shape, run, inverse);
            layers.Add(new(names.GetValueOrDefault(module, ""), module, way));
            shape = way.OntoShape;
        }

        return layers;
    }

    /// <summary>What a bijector runs one after another. More than <see cref="Stage.Of"/> it looks into what acts on parts, so that a layer inside can be named.</summary>
    private static IReadOnlyList<(Bijector Run, bool Inverse, Bijector Module)> Parts(Bijector f) => f switch
    {
        Chain chain => [.. chain.Layers.SelectMany(Parts)],
        Inverted inverted => [.. Parts(inverted.Inner).Reverse().Select(part => part with { Inverse = !part.Inverse })],
        Along along when Parts(along.Inner) is var parts && parts.All(part => MayRunAlong(part.Run)) =>
            [.. parts.Select(part => part with { Run = new Along(part.Run, along.Axis) })],
        On on when OnPart(on.Inner, on.Part) is { } parts => parts,
        Parallel both when OnPart(both.First, both.Partition) is { } first && OnPart(both.Second, both.Partition.Swapped()) is { } second => [.. first, .. second],
        FactorOut factorOut => [(factorOut.WithoutRest(), false, factorOut), .. Rest(factorOut)],
        _ => [(f, false, f)],
    };

    private static IReadOnlyList<(Bijector Run, bool Inverse, Bijector Module)>? OnPart(Bijector f, Partition partition) =>
        Parts(f) is var parts && parts.All(part => KeepsRank(part.Run))
            ? [.. parts.Select(part => part with { Run = new On(part.Run, partition) })]
            : null;

    /// <summary>True for what may stand in an <see cref="Along"/>.</summary>
    private static bool MayRunAlong(Bijector f) => f.EventRank <= 1 && KeepsRank(f) && f is { Domain: Interval, Codomain: Interval };

    /// <summary>True for what may stand in an <see cref="On"/>.</summary>
    private static bool KeepsRank(Bijector f) => f.OutputEventRank == f.EventRank;

    /// <summary>The layers for what goes on, each on the first entries of the vector that comes out in the end.</summary>
    private static IEnumerable<(Bijector Run, bool Inverse, Bijector Module)> Rest(FactorOut factorOut)
    {
        var shape = factorOut.GoingShape;
        foreach (var (run, inverse, module) in Parts(factorOut.Rest))
        {
            var f = inverse ? ~run : run;
            yield return (FactorOut.OnVector(f, shape), false, module);
            shape = f.OutputShape(shape);
        }
    }
}
