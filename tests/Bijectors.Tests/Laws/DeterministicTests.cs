using System.Diagnostics;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Two calls are compared result by result, then the state, then the global generator.</summary>
public sealed class DeterministicTests
{
    private static readonly string[] s_compared =
        ["a second Forward(x)", "a second ForwardWithLogDet(x)", "a second ForwardWithLogDet(x).LogDet", "'calls' after Forward(x)", "the global random number generator after Forward(x)"];

    public static TheoryData<int> Comparisons => [0, 1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void EachComparisonIsMade(int wrong) => Assert.Equal(s_compared[wrong], new Deterministic().Rejects(() => Wrong(wrong, wrong)).Where());

    [Theory]
    [MemberData(nameof(Comparisons))]
    public void TheFirstThatFailsIsTold(int first) => Assert.Equal(s_compared[first], new Deterministic().Rejects(() => Wrong(first, 4)).Where());

    [Fact]
    public void BitsCount()
    {
        // The largest change that a float32 close to 1 can show.
        var calls = 0;
        var violation = new Deterministic().Rejects(() => new Sketch { Map = (f, x, _) => x * f.A.exp() * (1 + Math.Pow(2, -23) * (calls++ % 4 / 2)) + f.B });
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
