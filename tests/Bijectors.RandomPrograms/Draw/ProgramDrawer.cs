namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws whole programs.</summary>
internal static class ProgramDrawer
{
    private static readonly Span[] s_domains =
        [Span.Positive, Span.Unit, Span.Symmetric, Span.AboveMinusOne, Span.Real];

    /// <summary>The program with an index under a seed: always the same, whatever else is drawn.</summary>
    public static DrawnProgram Draw(int seed, int index, Features features)
    {
        // A program that would lose its digits is drawn anew; most are not.
        for (var attempt = 0; ; attempt++)
        {
            if (Try($"P{index}", Chance.Of(seed, index, attempt), features) is { } program)
            {
                return program;
            }
        }
    }

    private static DrawnProgram? Try(string name, Chance chance, Features features)
    {
        var shape = Event(chance);
        long? context = shape.Rank > 0 && chance.Happens(0.35) ? shape.Rank == 1 && chance.Happens(0.4)
            ? shape[-1]
            : chance.Between(1, 3) : null;
        var draft = new Draft(chance, features)
        {
            ContextSize = context,
            TakesContext = context is not null || chance.Happens(0.2),
            StatesDomain = chance.Happens(0.1),
            IsNumerical = features.HasFlag(Features.Monotone) && chance.Happens(0.15),
            Budget = chance.Between(2, 18),
            EndsOnSurface = features.HasFlag(Features.Surfaces) && shape.Rank == 1 && chance.Happens(0.5),
        };
        var span = draft.StatesDomain ? chance.Pick(s_domains) : Span.Real;
        draft.Domain = span;
        var scene = new Scene();
        scene.Parts.Add(new("x", shape, span, true, [Walk.From(0)]));

        var (body, blocks) = (new List<Statement>(), new Blocks(draft));
        blocks.Draw(scene, body, draft.Budget);
        var last = Finish(draft, scene, blocks, body);
        if (!last.Walks.All(w => w.IsTame(draft.Domain, last.Span)))
        {
            return null;
        }

        if (draft.HasFixedShape)
        {
            Guard(draft, body, shape, last.Shape, byHand: draft.EndsOnSurface);
        }

        if (draft.StatesDomain)
        {
            var codomain = draft.EndsOnSurface ? "Domain.Simplex" : Written(last.Span);
            draft.Count("domain: stated");
            draft.Shared($"public override Domain Domain => {Written(span)};");
            draft.Shared($"public override Domain Codomain => {codomain};");
        }

        draft.Count($"event rank: {shape.Rank}");
        draft.Count(context is null ? "context: none" : "context: used");
        draft.Count($"codomain: {(draft.EndsOnSurface ? "a surface" : last.Span.IsCanonical ? Written(last.Span)
            : "another interval")}");
        if (last.Shape.Rank != shape.Rank)
        {
            draft.Count("event rank: changes");
            draft.Shared($"public override int OutputEventRank => {last.Shape.Rank};");
        }

        return new(name, shape, draft.Members, body)
        {
            TakesContext = draft.TakesContext, ContextSize = context, IsNumerical = draft.IsNumerical,
            EventRank = shape.Rank == 0 && body.All(s => s is Assign or Return)
                && !draft.Forms.ContainsKey("contractive") ? null : shape.Rank,
            Steps = draft.Steps, Forms = draft.Forms,
        };
    }

    private static Shape Event(Chance chance) => chance.Pick([(0, 1), (1, 5), (2, 2), (3, 2)]) switch
    {
        0 => Shape.Scalar,
        1 => Shape.Vector(chance.Between(2, 7)),
        2 => Shape.Of(chance.Between(2, 4), chance.Between(1, 4)),
        _ => Shape.Image(chance.Pick([1, 2, 4]), 2, chance.Pick([2, 4])),
    };

    /// <summary>The return, of a variable or of one more map; of a map onto a surface where one is wanted.</summary>
    private static Part Finish(Draft draft, Scene scene, Blocks blocks, List<Statement> body)
    {
        var part = scene.Parts[0];
        var chain = new Chain(draft, scene, part) { MayEndAnywhere = !draft.EndsOnSurface };
        for (var i = draft.Chance.Pick([(0, 3), (1, 2), (2, 1)]); i > 0; i--)
        {
            chain.Grow();
        }

        if (draft.EndsOnSurface)
        {
            new Restoring(draft, blocks).Home(chain, Span.Real);
            chain.Onto();
        }

        blocks.Add(scene, body, new Return(chain.Code));
        return chain.Part;
    }

    /// <summary>
    /// Tensors of fixed sizes take one shape only, which somebody has to say: a shape rule by hand, or a reshape that
    /// changes nothing.
    /// </summary>
    private static void Guard(Draft draft, List<Statement> body, Shape from, Shape to, bool byHand)
    {
        if (from.Rank > 0 && !byHand && draft.Chance.Happens(0.7))
        {
            var shape = Draft.Literal(from);
            var checking = new Assign(Declares.Nothing, "x",
                new Invoke(new Name("Parts"), "Reshape", new Name("x"), new Name(shape), new Name(shape)), "x");
            body.Insert(0, checking with { Before = body[0].Before });
            return;
        }

        draft.Count("shapes: by hand");
        draft.Shared(Rule("OutputShapeCore", from, to));
        draft.Shared(Rule("InputShapeCore", to, from));
    }

    private static string Rule(string member, Shape from, Shape to) =>
        $"protected override Shape {member}(Shape shape) => shape == {Draft.Literal(from)} ? {Draft.Literal(to)} : "
        + $"throw new ShapeException(ToString(), \"expected {from}\", $\"got {{shape}}\");";

    private static string Written(Span span) =>
        span == Span.Real ? "Domain.Real" : span == Span.Positive
            ? "Domain.Positive"
            : span == Span.Unit ? "Domain.Unit" : $"Domain.Interval({End(span.Low)}, {End(span.High)})";

    private static string End(double end) =>
        double.IsNegativeInfinity(end)
            ? "double.NegativeInfinity"
            : double.IsPositiveInfinity(end) ? "double.PositiveInfinity" : Draft.Literal(end);
}
