using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>What reaches the bijectors inside one: shapes, contexts and points.</summary>
public sealed class RecordingTests : IDisposable
{
    private static readonly Shape s_image = Shape.Image(1, 4, 4);
    private static readonly Violation s_violation = new(new("it", "right", "wrong"));

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void EachBijectorIsListedOnceInTheOrderOfTheCalls()
    {
        using var lawContext = Of(new Scale(2) >> new Exp(), Shape.Vector(3));
        using var recording = new Recording(lawContext, s_violation);
        Assert.Equal(["Chain", "Scale", "Exp"], recording.Called.Select(f => f.GetType().Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheShapeThatGoesInIsToldFromWhatComesFromEitherSide(int index)
    {
        using var lawContext = Of(new Exp() >> new Patchify(s_image, 2), s_image);
        var failing = Direction.Both(lawContext.Bijector, s_image)[index];
        var points = lawContext.PointsOf(failing);
        using var recording = new Recording(lawContext, s_violation with { Direction = failing, Points = points });
        var patchify = Inner(lawContext, "layers.1");
        Assert.Equal((s_image, null), recording.Reaching(patchify)!.Value);
        Assert.Null(recording.Reaching(new Exp()));
    }

    [Fact]
    public void ThePointsOfTheViolationComeFirst()
    {
        using var lawContext = Of(new Scale(2) >> new Exp(), Shape.Vector(3));
        var at = new Points(tensor(new[,] { { 1.0, 2, 3 } }), null);
        using var recording =
            new Recording(lawContext,
                s_violation with { Direction = Direction.Both(lawContext.Bijector, Shape.Vector(3))[0], Points = at });
        using var inner = lawContext.Inside("layers.1", Shape.Vector(3), null);
        var calls = recording.Of(inner).ToList();
        Assert.Equal(["Forward", "Forward", "Inverse"], calls.Select(call => call.Direction.Name));
        Assert.All(calls, call => Assert.Same(inner.Bijector, call.Direction.Bijector));
        Assert.Equal([2.0, 4, 6], calls[0].Points.X.data<double>().ToArray());
    }

    [Fact]
    public void PointsOutsideTheDomainAreLeftOut()
    {
        // Half of all reals are no points of the logarithm.
        using var lawContext = Of(new Calling((f, x) => f.Forward(x), ~new Exp()), Shape.Vector(3));
        using var recording = new Recording(lawContext, s_violation);
        using var inner = lawContext.Inside("inner", Shape.Vector(3), null);
        Assert.Contains(inner.Bijector, recording.Called);
        Assert.Empty(recording.Of(inner));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void TheSizeOfTheContextIsTold(int dimensions, int? size)
    {
        var recorded = Reaching((f, x) => f.Forward(x, Context(dimensions, x.shape[0])));
        Assert.Equal((Shape.Vector(3), size), recorded!.Value);
    }

    [Fact]
    public void TheContextReachesEachPoint()
    {
        using var lawContext = Of(new Calling((f, x) => f.Forward(x, tensor([5.0, 6])), new Exp()), Shape.Vector(3));
        using var recording = new Recording(lawContext, s_violation);
        using var inner = lawContext.Inside("inner", Shape.Vector(3), 2);
        var context = recording.Of(inner).First().Points.Context!;
        Assert.Equal([8, 2], context.shape);
        Assert.Equal([5.0, 6], context[7].data<double>().ToArray());
        using var without = lawContext.Inside("inner", Shape.Vector(3), null);
        Assert.Null(recording.Of(without).First().Points.Context);
    }

    [Fact]
    public void OfWhatIsNoBatchOfPointsNothingIsTold()
    {
        Assert.Null(Reaching((f, x) => f.Forward(x[0])));
        Assert.Null(Reaching((f, x) => f.Forward(x, Context(2, x.shape[0] + 1))));
        Assert.Null(Reaching((f, x) => f.Forward(x, zeros(x.shape[0], 1, 2, x.dtype))));
    }

    [Fact]
    public void AnEventIsNoBatchOnEitherSide()
    {
        // Of an image of rank 3 come patches of rank 2.
        var (image, patches) = (zeros(1, 4, 4, ScalarType.Float64), zeros(4, 4, ScalarType.Float64));
        Assert.Null(Reaching((f, _) => f.Forward(image), new Patchify(s_image, 2)));
        Assert.Null(Reaching((f, _) => f.Inverse(patches), new Patchify(s_image, 2)));
        Assert.Equal(s_image, Reaching((f, _) => f.Forward(image.unsqueeze(0)), new Patchify(s_image, 2))!.Value.Shape);
        Assert.Equal(
            s_image, Reaching((f, _) => f.Inverse(patches.unsqueeze(0)), new Patchify(s_image, 2))!.Value.Shape);
    }

    [Fact]
    public void WhatWasCalledBeforeAnExceptionIsKnown()
    {
        using var lawContext = Of(new Calling((f, x) => f.Forward(x.reshape(7, 7)), new Exp()), Shape.Vector(3));
        using var recording = new Recording(lawContext, s_violation);
        Assert.Same(lawContext.Bijector, Assert.Single(recording.Called));
    }

    private static (Shape Shape, int? ContextSize)? Reaching(Action<Bijector, Tensor> call, Bijector? inner = null)
    {
        using var lawContext = Of(new Calling(call, inner ?? new Sketch()), Shape.Vector(3));
        using var recording = new Recording(lawContext, s_violation);
        return recording.Reaching(Inner(lawContext, "inner"));
    }

    private static Tensor? Context(int dimensions, long points) => dimensions switch
    {
        0 => null,
        1 => zeros(2, ScalarType.Float64),
        _ => zeros(points, 2, ScalarType.Float64),
    };

    private static LawContext Of(Bijector f, Shape shape) => new(new LawCase(_ => f, shape), ScalarType.Float64);

    private static Bijector Inner(LawContext lawContext, string path) =>
        (Bijector)lawContext.Bijector.named_modules().Single(inner => inner.name == path).module;

    /// <summary>Calls a bijector inside as it is told to and is the identity.</summary>
    private sealed class Calling : Crooked.Moving
    {
        private readonly Action<Bijector, Tensor> _call;
        private readonly Bijector inner;

        public Calling(Action<Bijector, Tensor> call, Bijector inner)
        {
            (_call, this.inner) = (call, inner);
            RegisterComponents();
        }

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
        {
            _call(inner, x);
            return x.clone();
        }

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.clone();
    }
}
