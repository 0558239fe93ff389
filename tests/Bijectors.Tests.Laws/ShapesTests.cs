using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// What comes out has the declared shape: in every batch, with and without the log-det, and where
/// another size is taken.
/// </summary>
public sealed class ShapesTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("1, 3")]
    [InlineData("3, 3")]
    [InlineData("2, 3, 3")]
    public void EveryBatchIsTried(string shape)
    {
        var violation = new Shapes().Rejects(() => new Sketch { Map = (f, x, _) => Grown(x * f.A.exp() + f.B, shape) });
        Assert.Equal(new Mismatch($"Forward of a point ({shape})", $"the shape ({shape})", $"the shape (1, {shape})"),
            violation.Mismatch);
    }

    [Fact]
    public void WithTheLogDetToo()
    {
        var violation =
            new Shapes().Rejects(() => new Sketch { FusedMap = (f, x, _) => Grown(x * f.A.exp() + f.B, "1, 3") });
        Assert.Equal(new Mismatch("ForwardWithLogDet of a point (1, 3)", "the shape (1, 3)", "the shape (1, 1, 3)"),
            violation.Mismatch);
    }

    [Fact]
    public void TheWayBackToo() =>
        Assert.Equal("Inverse of a point (3)", new Shapes()
            .Rejects(() => new Sketch { Undo = (f, y, _) => Grown((y - f.B) * (-f.A).exp(), "3") }).Where());

    [Fact]
    public void ASizeOfOneThatIsBroadcastIsNoSizeThatFits()
    {
        var violation = new Shapes().Rejects(() => new Sketch
        {
            Sizes =
                s => s[-1] is 1 or 3 ? s : throw new ShapeException("Sketch", "expected 1 or 3 entries", $"got {s}"),
        });
        Assert.Equal(new Mismatch("Forward of a point (2, 1)", "the shape (2, 1), since OutputShape((1)) = (1)",
            "the shape (2, 3)"), violation.Mismatch);
    }

    [Fact]
    public void WhatIsThrownInPlaceOfTheDeclaredShapeIsTold()
    {
        var violation = new Shapes().Rejects(() => new Sketch { Sizes = s => s });
        Assert.Equal("Forward of a point (2, 4)", violation.Mismatch.What);
        Assert.Matches(@"^ExternalException: The size of tensor a \(4\) must match [^\n]*$", violation.Mismatch.Got);
    }

    [Fact]
    public void AShapeExceptionOfAPartIsToldToo() =>
        Assert.StartsWith("ShapeException: ", new Shapes().Rejects(() => new Sketch
        {
            Sizes = s => s,
            Map = (f, x, _) => x.shape[^1] == 3
                ? x * f.A.exp() + f.B
                : throw new ShapeException("Part", "expected 3", "got something else"),
        }).Mismatch.Got);

    [Fact]
    public void NoPointsGiveNoPoints()
    {
        Formula plain = (f, x, _) => x * f.A.exp() + f.B;
        Formula some = (f, x, c) => plain(f, x.numel() == 0 ? zeros(1, 3) : x, c);
        Assert.Equal(
            "Forward of no points", new Shapes().Rejects(() => new Sketch { Map = some, FusedMap = plain }).Where());
        Assert.Equal("Forward of no points", new Shapes().Rejects(() => new Sketch { FusedMap = some }).Where());
    }

    [Fact]
    public void AMapOfAnySizeIsAccepted() => new Shapes().Accepts(() => new Sketch
    {
        Sizes = s => s,
        Map = (_, x, _) => 2 * x,
        Undo = (_, y, _) => y / 2,
        Slope = (_, x, _) => full_like(x, Math.Log(2)),
        UndoSlope = (_, y, _) => full_like(y, -Math.Log(2)),
    });

    private static Tensor Grown(Tensor y, string shape) =>
        string.Join(", ", y.shape) == shape ? y.unsqueeze(0) : y.alias();
}
