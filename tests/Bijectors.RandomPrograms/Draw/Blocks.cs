namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws rows of statements.</summary>
internal sealed class Blocks(Draft draft)
{
    public const int Deepest = 6;

    private readonly Chance _chance = draft.Chance;

    /// <summary>Draws statements, as many as are asked for and the budget allows.</summary>
    public void Draw(Scene scene, List<Statement> block, int count)
    {
        for (var i = 0; i < count && draft.Budget > 0; i++)
        {
            draft.Budget--;
            DrawOne(scene, block);
        }
    }

    /// <summary>Adds a statement as it is seen from its place.</summary>
    public void Add(Scene scene, List<Statement> block, Statement statement) =>
        block.Add(statement with { Before = scene.Sight(draft.ContextSize is not null, draft.StatesDomain) });

    /// <summary>Maps a part by an expression, and puts it into its own variable or into a new one.</summary>
    public void Store(Scene scene, List<Statement> block, Part part, Part mapped, Expression code, string? into = null)
    {
        var declares = into is not null || _chance.Happens(0.65)
            ? Declares.Nothing
            : _chance.Happens(0.7) ? Declares.Var : Declares.Typed;
        var variable = into ?? (declares == Declares.Nothing ? part.Variable : draft.Fresh("p"));
        draft.Count(declares switch { Declares.Nothing => "assign: the variable", Declares.Var => "assign: var", _ =>
            "assign: Tensor" });
        Add(scene, block, new Assign(declares, variable, code, part.Variable));
        scene.Replace(part, mapped with { Variable = variable });
        scene.Forget(variable);
    }

    /// <summary>
    /// Says that variables hold what was computed from a part, which is mapped next: a statement that maps it before
    /// would leave them behind.
    /// </summary>
    public void Know(Scene scene, Part part, params ReadOnlySpan<string> variables)
    {
        foreach (var variable in variables)
        {
            scene.Values.Add(new(variable,
                new(new Name(variable), -3, 3) { Reads = [part.Variable], Shape = part.Shape, IsTensor = true }));
        }
    }

    private void DrawOne(Scene scene, List<Statement> block)
    {
        var hasRank = scene.Parts.Any(p => p.Shape.Rank > 0);
        var mayMove = hasRank && scene.MayMove;
        var canNest = scene.Depth < Deepest - 1 && draft.Budget > 1 && scene.Parts.All(p => p.Span.IsCanonical);
        _chance.Pick<Action>(
        [
            (() => Map(scene, block), 6),
            (() => Know(scene, block), 2),
            (() => new Couplings(draft, this).Draw(scene, block), scene.Parts.Count > 1 ? 6 : 0),
            (() => Reshape(scene, block), mayMove && !draft.EndsOnSurface ? 2 : 0),
            (() => new Splits(draft, this).Draw(scene, block), mayMove && draft.Budget > 1 ? 6 : 0),
            (() => new Swaps(draft, this).Draw(scene, block), scene.MayMove && scene.Parts.Count > 1 ? 2 : 0),
            (() => new Nesting(draft, this).Loop(scene, block), canNest && draft.Has(Features.Loops) ? 4 : 0),
            (() => new Nesting(draft, this).Branch(scene, block), canNest && draft.Has(Features.Branches) ? 4 : 0),
            (() => new SelfMaps(draft, this).Causal(scene, block), hasRank && draft.Has(Features.Causal) ? 3 : 0),
            (() => new Joints(draft, this).Draw(scene, block), hasRank && draft.Has(Features.Joints) ? 3 : 0),
            (() => new MaskedMaps(draft, this).Draw(scene, block), hasRank && draft.Has(Features.Masks) ? 3 : 0),
            (() => new SelfMaps(draft, this).Contract(scene, block), draft.Has(Features.Contractive) ? 1 : 0),
        ])();
    }

    private void Map(Scene scene, List<Statement> block)
    {
        var part = _chance.Pick(scene.Parts);
        var chain = new Chain(draft, scene, part);
        var count = _chance.Between(1, 4);
        for (var i = 0; i < count; i++)
        {
            chain.Grow();
        }

        Store(scene, block, part, chain.Part, chain.Code);
    }

    private void Know(Scene scene, List<Statement> block)
    {
        // A target of a shape that is there, so that the value can be of use.
        var operand = new Operands(draft, scene) { KeepsShape = true }.Raw(_chance.Pick(scene.Parts));
        if (operand.Literal is not null || !operand.IsTensor)
        {
            return;
        }

        var variable = draft.Fresh("v");
        draft.Count("value: a variable");
        Add(scene, block, new Assign(_chance.Happens(0.8) ? Declares.Var : Declares.Typed, variable, operand.Code));
        scene.Values.Add(new(variable, operand));
    }

    private void Reshape(Scene scene, List<Statement> block)
    {
        var part = _chance.Pick(scene.Parts);
        if (new Moves(draft).Reshaping(part) is var (code, shape))
        {
            Store(scene, block, part, part with { Shape = shape, IsLiteral = false }, code);
        }
    }
}
