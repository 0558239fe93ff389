namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws a part taken apart, statements on what comes out, and the join.</summary>
internal sealed class Splits(Draft draft, Blocks blocks)
{
    private readonly Chance _chance = draft.Chance;

    public void Draw(Scene scene, List<Statement> block)
    {
        var part = _chance.Pick(scene.Parts);
        var dims = Enumerable.Range(1, part.Shape.Rank).Select(d => -d).Where(d => part.Shape[d] > 1).ToList();
        if (dims.Count == 0 || scene.Parts.Count > 4 || !part.Span.IsCanonical)
        {
            return;
        }

        var dim = _chance.Pick(dims);
        var size = part.Shape[dim];
        var (split, sizes) =
            draft.Has(Features.MultiSplits) && size > 2 && _chance.Happens(0.35) ? Several(part, dim) : Two(part, dim);
        var names = sizes.Select(_ => draft.Fresh(_chance.Pick(["a", "b", "part"]))).ToList();
        blocks.Add(scene, block, new TakeApart(true, names, split));
        var place = scene.Parts.IndexOf(part);
        Part[] parts = [.. sizes.Select(
            (s, i) => part with { Variable = names[i], Shape = part.Shape.With(dim, s), IsLiteral = false })];
        scene.Replace(part, parts);
        scene.Stale.Add(part.Variable);

        blocks.Draw(scene, block, _chance.Between(1, 6));

        var restoring = new Restoring(draft, blocks);
        for (var i = 0; i < parts.Length; i++)
        {
            restoring.Restore(scene, block, place + i, parts[i], variable: false);
        }

        Join(scene, block, part, place, parts.Length, dim);
    }

    private (Expression, IReadOnlyList<long>) Two(Part part, int dim)
    {
        var size = part.Shape[dim];
        var half = (size + 1) / 2;
        var code = new Name(part.Variable);
        if (_chance.Happens(0.5))
        {
            draft.Count("split: Halves");
            return (new Invoke(new Name("Parts"), "Halves", [code, .. Dim(dim)]), [half, size - half]);
        }

        var (partition, first) = Partition(dim, size, _chance.Between(1, (int)size - 1), mayHalve: true);
        return (new Invoke(Held(partition), "Split", code), [first, size - first]);
    }

    private (Expression, IReadOnlyList<long>) Several(Part part, int dim)
    {
        var (name, count) = part.Shape[dim] > 3 && _chance.Happens(0.5) ? ("Quarters", 4) : ("Thirds", 3);
        draft.Count($"split: {name}");
        var sizes = Enumerable.Range(0, count)
            .Select(i => (part.Shape[dim] / count) + (i < part.Shape[dim] % count ? 1 : 0)).ToList();
        return (new Invoke(new Name("Parts"), name, [new Name(part.Variable), .. Dim(dim)]), sizes);
    }

    private void Join(Scene scene, List<Statement> block, Part whole, int place, int count, int dim)
    {
        var parts = scene.Parts.GetRange(place, count);
        if (count > 2)
        {
            // Later parts are never larger than earlier ones.
            parts = [.. _chance.Shuffle(parts).OrderByDescending(p => p.Shape[dim])];
        }
        else if (_chance.Happens(0.4))
        {
            parts.Reverse();
        }

        Expression[] items = [.. parts.Select(p => (Expression)new Name(p.Variable))];
        var walks = parts.SelectMany(p => p.Walks).ToList();
        if (_chance.Happens(0.3) && Inline(scene, parts[^1]) is var (code, mapped))
        {
            items[^1] = code;
            walks = [.. parts.SkipLast(1).SelectMany(p => p.Walks), .. mapped.Walks];
        }

        var (first, second) = (parts[0].Shape[dim], parts[1].Shape[dim]);
        Expression join;
        if (count > 2)
        {
            draft.Count($"join: {count} parts");
            join = new Invoke(new Name("Parts"), "Join", [.. items, .. Dim(dim)]);
        }
        else if ((first == second || first == second + 1) && _chance.Happens(0.6))
        {
            draft.Count("join: Parts.Join");
            join = new Invoke(new Name("Parts"), "Join", [.. items, .. Dim(dim)]);
        }
        else
        {
            draft.Count("join: a partition's");
            var (partition, _) =
                Partition(dim, first + second, first, mayHalve: first == second || first == second + 1);
            join = new Invoke(Held(partition), "Join", items);
        }

        Finish(scene, block, whole, place, count, join, Walk.Few(walks, _chance));
    }

    private void Finish(
        Scene scene, List<Statement> block, Part whole, int place, int count, Expression join,
        IReadOnlyList<Walk> walks)
    {
        var isNew = _chance.Happens(0.3);
        var variable = isNew ? draft.Fresh("whole") : whole.Variable;
        blocks.Add(scene, block, new Assign(isNew ? Declares.Var : Declares.Nothing, variable, join));
        foreach (var part in scene.Parts.GetRange(place, count))
        {
            scene.Forget(part.Variable);
            scene.Stale.Add(part.Variable);
        }

        scene.Parts.RemoveRange(place, count);
        scene.Parts.Insert(place, whole with { Variable = variable, IsLiteral = false, Walks = walks });
        scene.Stale.Remove(variable);
        scene.Forget(variable);
    }

    /// <summary>A map inside the join; null where it would leave the span of the others.</summary>
    private (Expression Code, Part Part)? Inline(Scene scene, Part part)
    {
        if (part.Span != Span.Real)
        {
            return null;
        }

        var others = new Scene();
        others.Parts.Add(part);
        var chain = new Chain(draft, others, part);
        chain.Grow();
        draft.Count("join: of a map");
        return chain.Part.Span == part.Span ? (chain.Code, chain.Part) : null;
    }

    /// <summary>A partition whose first part has a given size, or half of the whole.</summary>
    private (string Code, long First) Partition(int dim, long size, long first, bool mayHalve)
    {
        var half = (size + 1) / 2;
        var along = dim == -1 && _chance.Happens(0.7) ? "" : Draft.Literal(dim);
        var kind = _chance.Pick([("Halves", mayHalve ? 1 : 0), ("Alternating", mayHalve ? 2 : 0), ("First", 2)]);
        var swaps = kind == "First" ? _chance.Happens(0.3) : size % 2 == 0 && _chance.Happens(0.3);
        draft.Count($"partition: {kind}{(swaps ? ", swapped" : "")}");
        var taken = swaps ? size - first : first;
        var code = kind == "First"
            ? $"Partition.First({taken}{(along.Length > 0 ? ", " + along : "")})"
            : $"Partition.{kind}({along})";
        return (code + (swaps ? ".Swapped()" : ""), kind == "First" ? first : half);
    }

    private Expression Held(string partition) =>
        _chance.Happens(0.4) ? new Name(partition) : draft.Field("Partition", "partition", partition);

    private IReadOnlyList<Expression> Dim(int dim) =>
        dim == -1 && _chance.Happens(0.7) ? [] : [new Name(Draft.Literal(dim))];
}
