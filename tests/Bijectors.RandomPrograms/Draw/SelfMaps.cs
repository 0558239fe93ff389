namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws parts that condition themselves, through functions that promise enough to be undone.</summary>
internal sealed class SelfMaps(Draft draft, Blocks blocks)
{
    private readonly Chance _chance = draft.Chance;

    public void Causal(Scene scene, List<Statement> block)
    {
        var fitting = scene.Parts.Where(p => p.Span == Span.Real && p.Shape.Rank > 0).ToList();
        if (fitting.Count == 0)
        {
            return;
        }

        var part = _chance.Pick(fitting);
        if (_chance.Happens(0.6))
        {
            draft.Count("causal: a masked network");
            draft.HasFixedShape = true;
            var context = draft.ContextSize is { } size && part.Shape.Rank == 1 && _chance.Happens(0.5) ? size : 0;
            var net = draft.Field("Made", "made",
                $"Pieces.Masked({part.Shape[-1]}, seed: {draft.Seed()}, context: {context})", "[Causal]");
            var couplings = new Couplings(draft, blocks);
            couplings.Apply(
                scene, block, part, couplings.Read(scene, block, net, part, part.Shape, context, mayKeep: false));
            return;
        }

        if (_chance.Happens(0.3))
        {
            Bins(scene, block, part);
            return;
        }

        if (part.Shape.Rank > 1 && _chance.Happens(0.5))
        {
            draft.Count("causal: a raster");
            draft.Shared("[Causal(-2, -1)] private static Tensor Raster(Tensor x) => Pieces.Raster(x);");
            Through(scene, block, part, new Invoke(null, "Raster", new Name(part.Variable)));
            return;
        }

        draft.Count("causal: a method");
        draft.Shared("[Causal] private static Tensor Before(Tensor x) => Pieces.Before(x);");
        Through(scene, block, part, new Invoke(null, "Before", new Name(part.Variable)));
    }

    /// <summary>A spline that the entries before each choose.</summary>
    private void Bins(Scene scene, List<Statement> block, Part part)
    {
        draft.Count("causal: a spline");
        draft.Shared(
            "[Causal(Trailing = 1)] private static (Tensor, Tensor, Tensor) Bins(Tensor x) => Pieces.Bins(x);");
        string[] names = [draft.Fresh("w"), draft.Fresh("h"), draft.Fresh("d")];
        blocks.Add(scene, block, new TakeApart(true, names, new Invoke(null, "Bins", new Name(part.Variable))));
        blocks.Know(scene, part, names);
        draft.Steps += 5;
        blocks.Store(
            scene, block, part, part.Through(Pace.Affine(0.4, 2.5, _chance)) with { IsLiteral = false },
            new Invoke(new Name("RationalQuadratic"), "Map",
                [new Name(part.Variable), .. names.Select(n => new Name(n)), new Name("2.5")]));
    }

    /// <summary>A map by what a causal function says.</summary>
    private void Through(Scene scene, List<Statement> block, Part part, Invoke before)
    {
        var bounded = Row.Named("tanh").Of(before, _chance);
        var code = new Name(part.Variable);
        var map = _chance.Pick<Expression>(
        [
            new Binary("*", code, Row.Named("exp").Of(bounded, _chance)),
            new Binary("+", code, bounded),
            new Invoke(new Name("Own"), "Skew", code, bounded),
            new Binary("-", new Binary(
                "/", code, new Binary("+", Row.Named("sigmoid").Of(before, _chance), new Name("0.5"))), bounded),
        ]);
        draft.Steps += 3;
        blocks.Store(scene, block, part, part.Through(Pace.Affine(0.4, 2.5, _chance)) with { IsLiteral = false }, map);
    }

    public void Contract(Scene scene, List<Statement> block)
    {
        var fitting = scene.Parts.Where(p => p.Span == Span.Real).ToList();
        if (fitting.Count == 0)
        {
            return;
        }

        var part = _chance.Pick(fitting);
        var code = new Name(part.Variable);
        draft.Count("contractive");
        draft.Shared(part.Shape.Rank > 0
            ? "[Contractive(0.5)] private static Tensor Pull(Tensor x) => 0.45 * torch.sin(x.flip(-1));"
            : "[Contractive(0.5)] private static Tensor Pull(Tensor x) => 0.45 * torch.sin(x);");
        var pull = new Invoke(null, "Pull", code);
        draft.Steps += 3;
        blocks.Store(scene, block, part, part.Through(Pulled) with { IsLiteral = false },
            _chance.Happens(0.6) ? new Binary("+", code, pull) : new Binary("+", pull, code));
    }

    /// <summary>x + 0.45 sin(x), and its inverse by iteration.</summary>
    private static Pace Pulled { get; } = new(
        x => x + (0.45 * Math.Sin(x)), y => Enumerable.Range(0, 40).Aggregate(y, (x, _) => y - (0.45 * Math.Sin(x))));
}
