namespace Bijectors.RandomPrograms.Draw;

/// <summary>
/// Draws loops and branches. A block leaves every part in the variable, the shape and the span it came in.
/// </summary>
internal sealed class Nesting(Draft draft, Blocks blocks)
{
    private readonly Chance _chance = draft.Chance;

    public void Loop(Scene scene, List<Statement> block)
    {
        var count = _chance.Pick([(0, 1), (1, 2), (2, 5), (3, 2)]);
        var before = draft.Steps;
        var inside = scene.Inside(repeated: true);
        var body = new List<Statement>();
        var head = _chance.Pick<Func<string>>(
        [
            (() => Counted(inside, count), 4),
            (() => OverBijectors(inside, body, count),
                inside.MayMove && !draft.EndsOnSurface
                    && inside.Parts.Any(p => p.Span == Span.Real && p.Shape.Rank > 0) ? 3 : 0),
            (() => OverNetworks(inside, body, count), Pairs(inside).Count > 0 ? 4 : 0),
        ])();
        draft.Count(head.StartsWith("foreach", StringComparison.Ordinal) ? "loop: foreach" : "loop: for");
        Fill(scene, inside, body);
        blocks.Add(scene, block, new Loop(head, body));
        draft.Steps += Math.Max(0, count - 1) * (draft.Steps - before);
        for (var i = 0; i < count; i++)
        {
            Pass(scene, inside);
        }

        Leave(scene);
    }

    public void Branch(Scene scene, List<Statement> block)
    {
        var (condition, holds) = Condition();
        var mayMove = !condition.StartsWith("context", StringComparison.Ordinal);
        List<Statement> then = [], other = [];
        var (inThen, inElse) = (scene.Inside(repeated: false, mayMove), scene.Inside(repeated: false, mayMove));
        Fill(scene, inThen, then);
        var hasElse = _chance.Happens(0.6);
        if (hasElse)
        {
            Fill(scene, inElse, other);
        }

        draft.Count(hasElse ? "branch: if and else" : "branch: if");
        blocks.Add(scene, block, new Branch(condition, then, hasElse ? other : null));
        Pass(scene, holds ? inThen : inElse);
        Leave(scene);
    }

    private void Fill(Scene scene, Scene inside, List<Statement> body)
    {
        draft.Count($"depth: {inside.Depth}");
        blocks.Draw(inside, body, _chance.Between(1, 4));
        var restoring = new Restoring(draft, blocks);
        for (var i = 0; i < scene.Parts.Count; i++)
        {
            restoring.Restore(inside, body, i, scene.Parts[i], variable: true);
        }
    }

    /// <summary>Entries that have walked through a block once.</summary>
    private void Pass(Scene scene, Scene inside)
    {
        var earlier = scene.Parts.Select(p => p.Walks).ToList();
        for (var i = 0; i < scene.Parts.Count; i++)
        {
            var walks = inside.Parts[i].Walks.SelectMany(w => earlier[w.Origin].Select(e => e.Then(w))).ToList();
            scene.Parts[i] = scene.Parts[i] with { Walks = Walk.Few(walks, _chance), IsLiteral = false };
        }
    }

    /// <summary>Behind a block only what does not depend on any part is known for certain.</summary>
    private static void Leave(Scene scene)
    {
        scene.Values.RemoveAll(v => v.Operand.Reads.Count > 0);
        for (var i = 0; i < scene.Parts.Count; i++)
        {
            scene.Parts[i] = scene.Parts[i] with { IsLiteral = false };
        }
    }

    private string Counted(Scene inside, int count)
    {
        var index = draft.Fresh("i");
        var bound = _chance.Happens(0.5) ? Draft.Literal(count) : draft.Field("int", "n", Draft.Literal(count)).Text;
        if (_chance.Happens(0.5))
        {
            inside.Values.Add(new(index, new(new Name(index), 0, Math.Max(1, count - 1))));
        }

        return $"for (var {index} = 0; {index} < {bound}; {index}++)";
    }

    private string OverBijectors(Scene inside, List<Statement> body, int count)
    {
        var part = _chance.Pick([.. inside.Parts.Where(p => p.Span == Span.Real && p.Shape.Rank > 0)]);
        var (item, inners) = (draft.Fresh("f"), new Inners(draft));
        var bijectors =
            Enumerable.Range(0, count).Select(_ => inners.Initializer(part.Shape, isOneOfMany: true)).ToList();
        var code = string.Join(", ", bijectors.Select(b => b.Code));
        var (type, initializer) = _chance.Pick([("ModuleList<Bijector>", $"new([{code}])"), ("ModuleList<Bijector>",
            $"new ModuleList<Bijector>({(count > 0 ? $"new Bijector[] {{ {code} }}" : "")})")]);
        var list = draft.Field(type, "flows", initializer);
        var inverse = _chance.Happens(0.3);
        var paces = bijectors.Select(b => inverse ? new Pace(b.Pace.Inverse, b.Pace.Forward) : b.Pace).ToList();
        draft.Steps += 2;
        draft.Count("loop: of bijectors");

        // The same numbers at every turn, where the bijectors differ: the first has to stand for all.
        var mapped = part.Through(paces.Count > 0 ? paces[0] : Pace.Still);
        Expression[] arguments = bijectors.Any(b => b.Context > 0)
            ? [new Name(part.Variable), new Name("context")]
            : [new Name(part.Variable)];
        blocks.Store(inside, body, part, mapped,
            new Invoke(new Name(item), inverse ? "Inverse" : "Forward", arguments), part.Variable);
        return $"foreach (var {item} in {list.Text})";
    }

    private static List<(Part From, Part To)> Pairs(Scene scene) =>
        [.. scene.Parts.SelectMany(f =>
            scene.Parts.Where(t => t != f && t.Span == Span.Real && t.Shape.Rank > 0 && f.Shape.Rank == t.Shape.Rank)
                .Select(t => (f, t)))];

    private string OverNetworks(Scene inside, List<Statement> body, int count)
    {
        var (from, to) = _chance.Pick(Pairs(inside));
        draft.HasFixedShape = true;
        var context = draft.ContextSize is { } size && _chance.Happens(0.5) ? size : 0;
        var nets = draft.Field("ModuleList<Conditioner>", "nets", $"Pieces.Networks({count}, "
            + $"{Draft.Literal(from.Shape)}, {Draft.Literal(to.Shape)}, seed: {draft.Seed()}, context: {context})");
        var couplings = new Couplings(draft, blocks);
        draft.Count("loop: of networks");
        if (_chance.Happens(0.5))
        {
            var item = draft.Fresh("net");
            couplings.Apply(inside, body, to, couplings.Read(inside, body, new Name(item), from, to.Shape, context));
            return $"foreach (var {item} in {nets.Text})";
        }

        var index = draft.Fresh("i");
        couplings.Apply(
            inside, body, to, couplings.Read(inside, body, new Name($"{nets.Text}[{index}]"), from, to.Shape, context));
        return $"for (var {index} = 0; "
            + $"{index} < {_chance.Pick([Draft.Literal(count), nets.Text + ".Count"])}; {index}++)";
    }

    private (string Condition, bool Holds) Condition()
    {
        var holds = _chance.Happens(0.5);
        return _chance.Below(4) switch
        {
            0 => (draft.Field("bool", "flag", holds ? "true" : "false").Text, holds),
            1 => ("!" + draft.Field("bool", "flag", holds ? "false" : "true").Text, holds),
            2 when draft.TakesContext =>
                (draft.ContextSize is null == holds ? "context is null" : "context is not null", holds),
            _ => ($"{draft.Field("int", "n", holds ? "3" : "1").Text} > 1", holds),
        };
    }
}
