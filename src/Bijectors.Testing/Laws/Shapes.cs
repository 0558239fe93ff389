namespace Bijectors.Testing;

/// <summary>The shapes that a bijector declares are those that come out, and others are refused.</summary>
internal sealed class Shapes : Law
{
    public override string Statement =>
        "OutputShape and InputShape are what comes out, LogDet has exactly the batch shape, "
        + "also of a batch of no points, "
        + "and a shape that does not fit gives a ShapeException";

    public override string UsualCause =>
        "OutputShapeCore or InputShapeCore is not overridden, or does not check the sizes that the parameters have.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32];

    protected override void Check(LawContext lawContext)
    {
        using var grad = no_grad();
        var directions = Direction.Both(lawContext.Bijector, lawContext.Case.Shape);
        Expect(lawContext, "InputShape(OutputShape(shape))", lawContext.Case.Shape,
            lawContext.Bijector.InputShape(directions[0].OntoShape));
        foreach (var direction in directions)
        {
            Right(lawContext, direction, []);
            Right(lawContext, direction, [1]);
            Right(lawContext, direction, [3]);
            None(lawContext, direction);
            Right(lawContext, direction, [2, 3]);
            for (var dim = 1; dim <= direction.OwnRank; dim++)
            {
                Other(lawContext, direction, direction.FromShape.With(-dim, direction.FromShape[-dim] + 1));
                Other(lawContext, direction, direction.FromShape.With(-dim, 1));
            }
        }
    }

    private void Right(LawContext lawContext, Direction direction, long[] batch)
    {
        var (x, context) = direction.Sample(lawContext, 1, batch);

        // The base class makes the log-det have the shape of the batch: it expands it, or throws.
        var y = direction.ApplyWithLogDet(x, context).Y;
        var call = $"of a point {Shape.Of(x.shape)}";
        var expected = Shape.Of(batch).Then(direction.OntoShape);
        Expect(lawContext, $"{direction.Name} {call}", expected, Shape.Of(direction.Apply(x, context).shape));
        Expect(lawContext, $"{direction.Name}WithLogDet {call}", expected, Shape.Of(y.shape));
    }

    /// <summary>A batch of no points, as what is left of a data set may be, gives one of no results.</summary>
    private void None(LawContext lawContext, Direction direction)
    {
        var (x, context) = direction.Sample(lawContext, 1, 1);
        var (none, noContext) = (x.narrow(0, 0, 0), context?.narrow(0, 0, 0));
        long[] expected = [0, .. direction.OntoShape.ToArray()];
        foreach (var got in new[] { direction.Apply(none, noContext), direction.ApplyWithLogDet(none, noContext).Y }
            .Where(got => !got.shape.SequenceEqual(expected)))
        {
            throw lawContext.Violation(this, new(
                $"{direction.Name} of no points", $"no points of the shape {direction.OntoShape}",
                $"a tensor of the sizes {string.Join(", ", got.shape)}"));
        }
    }

    /// <summary>Another shape is either refused or mapped to what was declared for it.</summary>
    private void Other(LawContext lawContext, Direction direction, Shape shape)
    {
        Shape declared;
        try
        {
            declared = direction.Declare(shape);
        }
        catch (ShapeException)
        {
            // The methods refuse it too: the base class asks the same before each.
            return;
        }

        var answer = Answer(lawContext, direction, shape);
        var expected = $"the shape {Shape.Of(2).Then(declared)}";
        if (answer != expected)
        {
            throw lawContext.Violation(this, new(
                $"{direction.Name} of a point {Shape.Of(2).Then(shape)}",
                $"{expected}, since {direction.DeclaredBy}({shape}) = {declared}", answer));
        }
    }

    private static string Answer(LawContext lawContext, Direction direction, Shape shape)
    {
        try
        {
            // Not from the domain: it may fit the right shape only.
            var x = rand([2, .. shape.ToArray()], lawContext.DType, generator: lawContext.GeneratorFor(2));
            return $"the shape {Shape.Of(direction.Apply(x, direction.Sample(lawContext, 1, 2).Context).shape)}";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message.Split('\n')[0]}";
        }
    }

    private void Expect(LawContext lawContext, string what, Shape expected, Shape got)
    {
        if (expected != got)
        {
            throw lawContext.Violation(this, new(what, $"the shape {expected}", $"the shape {got}"));
        }
    }
}
