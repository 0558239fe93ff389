using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Every event rank is asked for, at points that are contiguous and at the same ones that are not.</summary>
public sealed class EventRankSumTests
{
    // Of a bijector with nothing inside: four roundings, for what six nats an entry may cancel.
    private const double Allowed = 4 * 2.220446049250313e-16 * 18;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryRankIsAskedFor(int rank)
    {
        var violation = new EventRankSum().Rejects(
            () => new Sketch { Sum = (slope, x, asked) => LogDets.Sum(slope, x, asked) + (asked == rank ? 1 : 0) });
        Assert.Equal($"ForwardWithLogDet(x, eventRank: {rank}).LogDet", violation.Where());
    }

    [Fact]
    public void ContiguousPointsAreLookedAt() => Assert.Equal(
        "ForwardWithLogDet(x, eventRank: 2).LogDet",
        new EventRankSum().Rejects(() => new Sketch
        {
            Sum = (slope, x, rank) => LogDets.Sum(slope, x, rank) + (rank == 2 && x.is_contiguous() ? 1 : 0),
        }).Where());

    [Theory]
    [InlineData(true, "ForwardWithLogDet(x with its batch dimensions swapped, eventRank: 1)")]
    [InlineData(false, "ForwardWithLogDet(x with its batch dimensions swapped, eventRank: 1).LogDet")]
    public void SoAreSwappedOnes(bool value, string told)
    {
        var violation = new EventRankSum().Rejects(() => new Sketch
        {
            Map = (f, x, _) => x * f.A.exp() + f.B + (value && !x.is_contiguous() ? 1 : 0),
            Sum = (slope, x, rank) => LogDets.Sum(slope, x, rank) + (x.is_contiguous() ? 0 : 1),
        });
        Assert.Equal(told, violation.Where());
    }

    [Fact]
    public void TheContextIsSwappedWithThem() => new EventRankSum().Accepts(
        () => new Sketch { Map = (f, x, c) => x * f.A.exp() + f.B + c!.sum(-1, keepdim: true),
            Undo = (f, y, c) => (y - f.B - c!.sum(-1, keepdim: true)) * (-f.A).exp() },
        contextSize: 2);

    [Fact]
    public void WhatRoundingExplainsIsAllowed() => new EventRankSum().Accepts(() => Off(0.9 * Allowed));

    [Fact]
    public void NoMoreIs() => Assert.Contains("LogDet", new EventRankSum().Rejects(() => Off(1.1 * Allowed)).Where());

    /// <summary>A log-det of zero, off at swapped points.</summary>
    private static Sketch Off(double by) => new()
    {
        Slope = (_, x, _) => zeros_like(x),
        UndoSlope = (_, y, _) => zeros_like(y),
        Sum = (slope, x, rank) => LogDets.Sum(slope, x, rank) + (x.is_contiguous() ? 0 : by),
    };
}
