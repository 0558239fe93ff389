using System.Diagnostics;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Two calls are compared result by result, then the state, then the global generator.</summary>
public sealed class DeterministicTests
{
    private static readonly string[] s_compared =
        ["a second Forward(x)", "a second ForwardWithLogDet(x)", "a second ForwardWithLogDet(x).LogDet",
            "'calls' after Forward(x)", "the global random number generator after Forward(x)"];

    public static TheoryData<int> Comparisons => [0, 1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void EachComparisonIsMade(int wrong) =>
        Assert.Equal(s_compared[wrong], new Deterministic().Rejects(() => Wrong(wrong, wrong)).Where());

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void TheFirstThatFailsIsTold(int first) =>
        Assert.Equal(s_compared[first], new Deterministic().Rejects(() => Wrong(first, 4)).Where());

    [Fact]
    public void WhereGradientsAreRecordedEachComparisonIsMadeToo()
    {
        var calls = 0;
        Tensor Off(Tensor y) => is_grad_enabled() ? y + calls++ : y;
        Formula map = (f, x, _) => x * f.A.exp() + f.B;
        Formula off = (f, x, c) => Off(map(f, x, c));
        const string Recorded = "where gradients are recorded";
        Assert.Equal($"a second Forward(x) {Recorded}",
            new Deterministic().Rejects(() => new Sketch { Map = off, FusedMap = map }).Where());
        Assert.Equal($"a second ForwardWithLogDet(x) {Recorded}",
            new Deterministic().Rejects(() => new Sketch { FusedMap = off }).Where());
        Assert.Equal($"a second ForwardWithLogDet(x).LogDet {Recorded}",
            new Deterministic().Rejects(() => new Sketch { Slope = (f, _, _) => Off(f.A.alias()) }).Where());
    }

    [Fact]
    public void WhetherGradientsAreRecordedIsLeftAsItWas()
    {
        var violation = new Deterministic().Rejects(() => new Sketch
        {
            Map = (f, x, _) =>
            {
                var y = x * f.A.exp() + f.B;
                set_grad_enabled(true);
                return y;
            },
        });
        Assert.Equal(new Mismatch("whether gradients are recorded after Forward(x)", "no", "yes"), violation.Mismatch);
    }

    [Fact]
    public void OfWhatIsLeftOtherwiseTheStateIsToldFirstThenTheMode()
    {
        Assert.Equal("'calls' after Forward(x)", What(state: true, mode: true));
        Assert.Equal("the mode after Forward(x)", What(state: false, mode: true));
        Assert.Equal("whether parameter 'shift' requires gradients after Forward(x)", What(state: false, mode: false));

        static string What(bool state, bool mode) => new Deterministic().Rejects(() => new Sketch
        {
            Map = (f, x, _) =>
            {
                using var grad = no_grad();
                f.Calls.fill_(state ? 1 : 0);
                f.train(!mode);
                f.B.requires_grad_(false);
                return x * f.A.exp() + f.B;
            },
        }).Where();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void BothDtypesAreTried(ScalarType dtype)
    {
        var calls = 0;
        Assert.Equal(dtype, new Deterministic().Rejects(
            () => new Sketch { Map = (f, x, _) => x * f.A.exp() + f.B + (x.dtype == dtype ? calls++ : 0) }).DType);
    }

    [Fact]
    public void WhatAFirstCallChangesForGoodIsSeen()
    {
        // Set up by the first call, of whichever law; also deep inside.
        var violation = new Deterministic().Rejects(() => new Asinh() >> SetUp());
        Assert.Equal("'layers.1.calls' after Forward(x)", violation.Where());
        Assert.Equal("layers.1 (Sketch)", violation.Culprit);
        Assert.Equal(new Mismatch("the mode of module 'layers.1' after Forward(x)", "training", "evaluation"),
            new Deterministic().Rejects(() => new Asinh() >> Evaluating()).Mismatch);
        Assert.Equal(new Mismatch("the mode after Forward(x)", "training", "evaluation"), new Deterministic()
            .Rejects(Evaluating).Mismatch);
        var learning = new Deterministic().Rejects(() => new Asinh() >> Fixing());
        Assert.Equal(
            new Mismatch("whether parameter 'layers.1.shift' requires gradients after Forward(x)", "yes", "no"),
            learning.Mismatch);
        Assert.Equal("layers.1 (Sketch)", learning.Culprit);

        static Sketch SetUp() => Doing(f => f.Calls.fill_(1));

        static Sketch Evaluating() => Doing(f => f.eval());

        static Sketch Fixing() => Doing(f => f.B.requires_grad_(false));

        static Sketch Doing(Action<Sketch> what) => new()
        {
            Map = (f, x, _) =>
            {
                using var grad = no_grad();
                what(f);
                return x * f.A.exp() + f.B;
            },
        };
    }

    [Fact]
    public void BitsCount()
    {
        // The largest change that a float32 close to 1 can show.
        var calls = 0;
        var violation = new Deterministic().Rejects(
            () => new Sketch { Map = (f, x, _) => x * f.A.exp() * (1 + Math.Pow(2, -23) * (calls++ % 4 / 2)) + f.B });
        Assert.Equal(s_compared[0], violation.Where());
    }

    [Fact]
    public void ANeighbourThatDrawsForAMomentIsForgiven()
    {
        // As if another test drew from the generator of the process.
        Stopwatch? since = null;
        new Deterministic().Accepts(() => new Sketch
        {
            Map = (f, x, _) =>
            {
                since ??= Stopwatch.StartNew();
                return x * f.A.exp() + f.B + 0 * (since.ElapsedMilliseconds < 40 ? rand(1).item<float>() : 0);
            },
        });
    }

    /// <summary>Wrong in some of what is compared; the results by a count of the calls.</summary>
    private static Sketch Wrong(int first, int last)
    {
        var (plain, fused, slopes) = (0, 0, 0);
        return new Sketch
        {
            Map = (f, x, _) =>
            {
                if (Off(3))
                {
                    using var grad = no_grad();
                    f.Calls.add_(1);
                }

                return x * f.A.exp() + f.B + (Off(0) ? plain++ : 0) + (Off(4) ? 0 * rand(1).item<float>() : 0);
            },
            FusedMap = (f, x, _) => x * f.A.exp() + f.B + (Off(1) ? fused++ : 0),
            Slope = (f, _, _) => f.A + (Off(2) ? slopes++ : 0),
        };

        bool Off(int comparison) => comparison >= first && comparison <= last;
    }
}
