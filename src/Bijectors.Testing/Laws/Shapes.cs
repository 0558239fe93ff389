using TorchSharp;
using static TorchSharp.torch;

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

    protected override void Check(Trial trial)
    {
        using var grad = no_grad();
        var ways = Way.Both(trial.Bijector, trial.Case.Shape);
        Expect(trial, "InputShape(OutputShape(shape))", trial.Case.Shape, trial.Bijector.InputShape(ways[0].OntoShape));
        foreach (var way in ways)
        {
            Right(trial, way, []);
            Right(trial, way, [1]);
            Right(trial, way, [3]);
            None(trial, way);
            Right(trial, way, [2, 3]);
            for (var dim = 1; dim <= way.OwnRank; dim++)
            {
                Other(trial, way, way.FromShape.With(-dim, way.FromShape[-dim] + 1));
                Other(trial, way, way.FromShape.With(-dim, 1));
            }
        }
    }

    private void Right(Trial trial, Way way, long[] batch)
    {
        var (x, context) = way.Sample(trial, 1, batch);

        // That the log-det has the shape of the batch the base class sees to: it expands it, or throws.
        var y = way.GoWithLogDet(x, context).Y;
        var call = $"of a point {Shape.Of(x.shape)}";
        var expected = Shape.Of(batch).Then(way.OntoShape);
        Expect(trial, $"{way.Name} {call}", expected, Shape.Of(way.Go(x, context).shape));
        Expect(trial, $"{way.Name}WithLogDet {call}", expected, Shape.Of(y.shape));
    }

    /// <summary>A batch of no points, as what is left of a data set may be, gives one of no results.</summary>
    private void None(Trial trial, Way way)
    {
        var (x, context) = way.Sample(trial, 1, 1);
        var (none, noContext) = (x.narrow(0, 0, 0), context?.narrow(0, 0, 0));
        long[] expected = [0, .. way.OntoShape.ToArray()];
        foreach (var got in new[] { way.Go(none, noContext), way.GoWithLogDet(none, noContext).Y }
            .Where(got => !got.shape.SequenceEqual(expected)))
        {
            throw trial.Violation(this, new($"{way.Name} of no points", $"no points of the shape {way.OntoShape}",
                $"a tensor of the sizes {string.Join(", ", got.shape)}"));
        }
    }

    /// <summary>Another shape is either refused or mapped to what was declared for it.</summary>
    private void Other(Trial trial, Way way, Shape shape)
    {
        Shape declared;
        try
        {
            declared = way.Declare(shape);
        }
        catch (ShapeException)
        {
            // The methods refuse it too: the base class asks the same before each.
            return;
        }

        var answer = Answer(trial, way, shape);
        var expected = $"the shape {Shape.Of(2).Then(declared)}";
        if (answer != expected)
        {
            throw trial.Violation(this, new(
                $"{way.Name} of a point {Shape.Of(2).Then(shape)}",
                $"{expected}, since {way.DeclaredBy}({shape}) = {declared}", answer));
        }
    }

    private static string Answer(Trial trial, Way way, Shape shape)
    {
        try
        {
            // Not from the domain: it may fit the right shape only.
            var x = rand([2, .. shape.ToArray()], trial.DType, generator: trial.Chance(2));
            return $"the shape {Shape.Of(way.Go(x, way.Sample(trial, 1, 2).Context).shape)}";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message.Split('\n')[0]}";
        }
    }

    private void Expect(Trial trial, string what, Shape expected, Shape got)
    {
        if (expected != got)
        {
            throw trial.Violation(this, new(what, $"the shape {expected}", $"the shape {got}"));
        }
    }
}
