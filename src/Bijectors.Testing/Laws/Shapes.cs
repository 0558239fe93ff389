using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>The shapes that a bijector declares are those that come out, and others are refused.</summary>
internal sealed class Shapes : Law
{
    public override string Statement =>
        "OutputShape and InputShape are what comes out, LogDet has exactly the batch shape, "
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
            Right(trial, way, [2, 3]);
            for (var dim = 1; dim <= way.OwnRank; dim++)
            {
                Other(trial, way, way.FromShape.With(-dim, way.FromShape[-dim] + 1));
                Other(trial, way, way.FromShape.With(-dim, 1));
            }

            if (way.OwnRank > 0)
            {
                Refused(trial, way, way.FromShape.Trailing(way.OwnRank - 1));
            }
        }
    }

    private void Right(Trial trial, Way way, long[] batch)
    {
        var (x, context) = way.Sample(trial, 1, batch);
        var (y, logDet) = way.GoWithLogDet(x, context);
        var call = $"of a point {Shape.Of(x.shape)}";
        var expected = Shape.Of(batch).Then(way.OntoShape);
        Expect(trial, $"{way.Name} {call}", expected, Shape.Of(way.Go(x, context).shape));
        Expect(trial, $"{way.Name}WithLogDet {call}", expected, Shape.Of(y.shape));
        Expect(trial, $"{way.Name}WithLogDet {call}, LogDet", Shape.Of(batch), Shape.Of(logDet.shape));
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
            Refused(trial, way, shape);
            return;
        }

        var answer = Answer(trial, way, [2], shape);
        var expected = $"the shape {Shape.Of(2).Then(declared)}";
        if (answer != expected)
        {
            throw trial.Violation(this, new(
                $"{way.Name} of a point {Shape.Of(2).Then(shape)}", $"{expected}, since {way.DeclaredBy}({shape}) = {declared}", answer));
        }
    }

    private void Refused(Trial trial, Way way, Shape shape)
    {
        if (Answer(trial, way, [], shape) is var answer && answer != nameof(ShapeException))
        {
            throw trial.Violation(this, new($"{way.Name} of an event {shape}", "a ShapeException", answer));
        }
    }

    private static string Answer(Trial trial, Way way, long[] batch, Shape shape)
    {
        try
        {
            // Not from the domain: it may fit the right shape only.
            var x = rand([.. batch, .. shape.ToArray()], trial.DType, generator: trial.Chance(2));
            return $"the shape {Shape.Of(way.Go(x, way.Sample(trial, 1, batch).Context).shape)}";
        }
        catch (ShapeException)
        {
            return nameof(ShapeException);
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
