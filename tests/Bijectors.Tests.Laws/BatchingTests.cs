using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// One point, a batch, a batch of rank 2 and a context for all points are compared one after another.
/// </summary>
public sealed class BatchingTests
{
    private static readonly string[] s_compared =
    [
        "ForwardWithLogDet of the points in one batch", "ForwardWithLogDet of the points in one batch, LogDet",
        "ForwardWithLogDet of the points in a batch of rank 2",
        "ForwardWithLogDet of the points in a batch of rank 2, LogDet",
        "ForwardWithLogDet with one context for all points",
        "ForwardWithLogDet with one context for all points, LogDet",
    ];

    public static TheoryData<int> Comparisons => [0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void EachComparisonIsMade(int wrong) => Assert.Equal(s_compared[wrong], Violation(wrong, wrong).Where());

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void TheFirstThatFailsIsTold(int first) => Assert.Equal(s_compared[first], Violation(first, 5).Where());

    [Fact]
    public void WhatIsRightInAllOfThemIsAccepted() => new Batching().Accepts(() => Wrong(6, 5), contextSize: 2);

    [Fact]
    public void PointsWithGapsBetweenTheirNumbersAreTriedInEachMethod()
    {
        static Tensor Off(Tensor x, Tensor result) => x.stride(-1) == 1 ? result : result + 1;
        Formula plain = (f, x, _) => x * f.A.exp() + f.B;
        Formula off = (f, x, _) => Off(x, x * f.A.exp() + f.B);
        const string Gaps = "of the points with gaps between their numbers in memory";
        Assert.Equal($"Forward {Gaps}", What(() => new Sketch { Map = off, FusedMap = plain }));
        Assert.Equal($"ForwardWithLogDet {Gaps}", What(() => new Sketch { FusedMap = off }));
        Assert.Equal($"ForwardWithLogDet {Gaps}, LogDet", What(() => new Sketch { Slope = (f, x, _) => Off(x, f.A) }));

        static string What(Func<Bijector> make) => new Batching().Rejects(make).Where();
    }

    [Fact]
    public void PointsWithSignsBesideTheirNumbersAreTriedInEachMethod()
    {
        static Tensor Off(Tensor x, Tensor result) => x.is_neg() ? result + 1 : result;
        Formula plain = (f, x, _) => x * f.A.exp() + f.B;
        Formula off = (f, x, _) => Off(x, x * f.A.exp() + f.B);
        const string Signs = "of the points with their signs beside their numbers in memory";
        Assert.Equal($"Forward {Signs}", What(() => new Sketch { Map = off, FusedMap = plain }));
        Assert.Equal($"ForwardWithLogDet {Signs}", What(() => new Sketch { FusedMap = off }));
        Assert.Equal($"ForwardWithLogDet {Signs}, LogDet", What(() => new Sketch { Slope = (f, x, _) => Off(x, f.A) }));

        static string What(Func<Bijector> make) => new Batching().Rejects(make).Where();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(321)]
    public void BatchesOfOtherSizesAreTried(int size)
    {
        Assert.Equal($"ForwardWithLogDet of the points in a batch of {size}",
            What(() => new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B + Of(x) }));
        Assert.Equal($"ForwardWithLogDet of the points in a batch of {size}, LogDet",
            What(() => new Sketch { Slope = (f, x, _) => f.A + Of(x) }));

        double Of(Tensor x) => x.dim() == 2 && x.shape[0] == size ? 1 : 0;

        static string What(Func<Bijector> make) => new Batching().Rejects(make).Where();
    }

    [Fact]
    public void OnePointInAllPlacesIsTriedInMapAndLogDet()
    {
        Assert.Equal("ForwardWithLogDet of the first point in all places",
            What(() => new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B + Of(x) }));
        Assert.Equal("ForwardWithLogDet of the first point in all places, LogDet",
            What(() => new Sketch { Slope = (f, x, _) => f.A + Of(x) }));

        static double Of(Tensor x) => x.dim() == 2 && x.stride(0) == 0 ? 1 : 0;

        static string What(Func<Bijector> make) => new Batching().Rejects(make).Where();
    }

    [Theory]
    [InlineData(0, "ForwardWithLogDet of the points with gaps between their numbers in memory")]
    [InlineData(1, "ForwardWithLogDet of the points in a batch of 5")]
    [InlineData(2, "ForwardWithLogDet of the first point in all places")]
    public void OfTheseTooTheFirstThatFailsIsTold(int first, string told)
    {
        Formula off = (f, x, _) => x * f.A.exp() + f.B + Of(x);
        Assert.Equal(told, new Batching().Rejects(() => new Sketch
        {
            Map = (f, x, _) => x * f.A.exp() + f.B,
            FusedMap = off,
            Slope = (f, x, _) => f.A + Of(x),
        }).Where());

        double Of(Tensor x) => x.dim() == 2
            && ((first <= 0 && x.stride(-1) != 1) || (first <= 1 && x.shape[0] == 5) || x.stride(0) == 0) ? 1 : 0;
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void BothDtypesAreTried(ScalarType dtype) => Assert.Equal(
        dtype, new Batching().Rejects(() => new Sketch
        {
            Map = (f, x, _) => x * f.A.exp() + f.B + (x.dtype == dtype && x.dim() == 1 ? 1 : 0),
        }).DType);

    [Fact]
    public void AMapWithAParameterForEachEntryIsNotOfEachEntryAlone()
    {
        var violation = new Batching().Rejects(() => new Sketch { Rank = 0 });
        Assert.Equal("ForwardWithLogDet of what lies beyond the event rank, as points", violation.Where());
        Assert.Equal(
            "an answer, since by its event rank and OutputShape it takes events ()", violation.Mismatch.Expected);
        Assert.StartsWith("ExternalException: The size of tensor", violation.Mismatch.Got, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatLiesBeyondTheEventRankMayDependOnTheContext()
    {
        // Each part has the context of its point.
        new Batching().Accepts(() => Scalar(1), contextSize: 2);
        Assert.Equal("ForwardWithLogDet of what lies beyond the event rank, as points", What(() => Scalar(0)));
        Assert.Equal("ForwardWithLogDet of what lies beyond the event rank, as points, LogDet",
            What(() => Scalar(1, offLogDet: 1)));

        static string What(Func<Bijector> make) => new Batching().Rejects(make, contextSize: 2).Where();

        // Rank 0, with one number of the context for all entries of a point; or with that of the last point.
        static Sketch Scalar(int own, double offLogDet = 0) => new()
        {
            Rank = 0,
            Map = (f, x, c) => x * f.A.mean().exp() + f.B.mean() + Of(c!, x, own),
            Slope = (f, x, c) => f.A.mean() + (IsOfParts(x, c!) ? offLogDet : 0),
            Undo = (f, y, c) => (y - f.B.mean() - Of(c!, y, own)) * (-f.A.mean()).exp(),
            UndoSlope = (f, _, _) => -f.A.mean(),
        };

        static bool IsOfParts(Tensor x, Tensor context) => x.dim() == 1 && context.dim() == 2;

        static Tensor Of(Tensor context, Tensor x, int own)
        {
            var first = context.select(-1, 0);
            return own == 0 && IsOfParts(x, context)
                ? first.roll(1, 0)
                : first.reshape([.. first.shape, .. Enumerable.Repeat(1L, (int)(x.dim() - first.dim()))]);
        }
    }

    [Fact]
    public void ABatchOfRankTwoHasTwoRows()
    {
        // Of a single row nothing would be mixed.
        var violation = new Batching()
            .Rejects(() => new Sketch { Map = (f, x, _) => (x.dim() == 3 ? x.roll(1, 0) : x) * f.A.exp() + f.B });
        Assert.Equal(s_compared[2], violation.Where());
    }

    [Fact]
    public void AnOddNumberOfPointsHasOneRow()
    {
        // Eight points are shrunk to one by way of seven.
        var violation = new Batching()
            .Rejects(() => new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B + (x.dim() == 3 ? 1 : 0) });
        Assert.Matches(@"at the point: \[0, 0, 0\]\r?\n", violation.Message);
    }

    private static LawViolationException Violation(int first, int last) =>
        new Batching().Rejects(() => Wrong(first, last), contextSize: 2);

    /// <summary>Off by one in some of the comparisons only.</summary>
    private static Sketch Wrong(int first, int last)
    {
        return new Sketch
        {
            Map = (f, x, c) => x * f.A.exp() + f.B + (Off(0, x, c) || Off(2, x, c) || Off(4, x, c) ? 1 : 0),
            Slope = (f, x, c) => f.A + (Off(1, x, c) || Off(3, x, c) || Off(5, x, c) ? 1 : 0),
        };

        bool Off(int comparison, Tensor x, Tensor? context) =>
            comparison >= first && comparison <= last && (comparison / 2) switch
            {
                0 => x.dim() == 2 && context!.dim() == 2,
                1 => x.dim() == 3,
                _ => x.dim() == 2 && context!.dim() == 1,
            };
    }
}
