namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws two parts that change places.</summary>
internal sealed class Swaps(Draft draft, Blocks blocks)
{
    public void Draw(Scene scene, List<Statement> block)
    {
        var pairs = scene.Parts.SelectMany((a, i) =>
            scene.Parts.Skip(i + 1).Where(b => b.Shape == a.Shape && b.Span == a.Span).Select(b => (a, b))).ToList();
        if (pairs.Count == 0)
        {
            return;
        }

        var (first, second) = draft.Chance.Pick(pairs);
        draft.HasFixedShape = true;
        if (draft.Has(Features.Swaps) && draft.Chance.Happens(0.7))
        {
            draft.Count("swap: a tuple");
            blocks.Add(scene, block, new TakeApart(false, [first.Variable, second.Variable],
                new Bundle(new Name(second.Variable), new Name(first.Variable))));
        }
        else
        {
            draft.Count("swap: a variable between");
            var between = draft.Fresh("swap");
            blocks.Add(scene, block, new Assign(Declares.Var, between, new Name(first.Variable)));
            blocks.Add(scene, block, new Assign(Declares.Nothing, first.Variable, new Name(second.Variable)));
            blocks.Add(scene, block, new Assign(Declares.Nothing, second.Variable, new Name(between)));
        }

        // In the inside of a swap by three assignments no other statement fits, so what could be seen there
        // does not matter.
        var (i, j) = (scene.Parts.IndexOf(first), scene.Parts.IndexOf(second));
        scene.Parts[i] = second with { Variable = first.Variable };
        scene.Parts[j] = first with { Variable = second.Variable };
        scene.Forget(first.Variable);
        scene.Forget(second.Variable);
    }
}
