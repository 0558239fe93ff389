using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// The integral is exact to five digits, wherever the map leads, and only what two grids or a kink explain is added.
/// </summary>
public sealed class ChangeOfMeasureTests
{
    private const string Integral = "the integral of the density that Forward makes of a normal one";

    private const double KinkAt = 1.34;

    private static readonly Law s_law = new ChangeOfMeasure();

    /// <summary>Maps by name, from and onto intervals of every kind, each as its log-det and off by a little.</summary>
    private static readonly Dictionary<string, Func<double, Sketch>> s_maps = new()
    {
        ["far to the right"] = off => Affine(1, 1e6, Domain.Real, v => v, y => y, v => zeros_like(v), off),
        ["far to the left"] = off => Affine(1, -1e6, Domain.Real, v => v, y => y, v => zeros_like(v), off),
        ["onto what has a lower end"] = off => Affine(
            1, 0, Domain.Interval(2, double.PositiveInfinity), v => v.exp() + 2, y => (y - 2).log(), v => v, off),
        ["onto what has an upper end"] = off => Affine(1, 0, Domain.Interval(double.NegativeInfinity, 3),
            v => -(-v).exp() + 3, y => -(-y + 3).log(), v => -v, off),
        ["far from a lower end"] = off => Affine(
            0.1, 100, Domain.Interval(2, double.PositiveInfinity), v => v.exp() + 2, y => (y - 2).log(), v => v, off),
        ["far from an upper end"] = off => Affine(0.1, -100, Domain.Interval(double.NegativeInfinity, 3),
            v => -(-v).exp() + 3, y => -(-y + 3).log(), v => -v, off),
        ["over many magnitudes"] = off => Affine(700, 0, Domain.Positive, v => v.exp(), y => y.log(), v => v, off),
        ["to large numbers"] = off => Affine(1, 400, Domain.Positive, v => v.exp(), y => y.log(), v => v, off),
        ["to small numbers"] = off => Affine(1, -400, Domain.Positive, v => v.exp(), y => y.log(), v => v, off),
        ["onto an interval"] = off => Affine(1, 0, Domain.Interval(2, 5), v => 2 + 3 * v.sigmoid(),
            y => ((y - 2) / 3).logit(), v => Math.Log(3) + Logistic(v), off),
        ["close to an upper end"] = off => Affine(1, 34, Domain.Unit, v => v.sigmoid(), y => y.logit(), Logistic, off),
        ["close to a lower end"] = off => Affine(1, -34, Domain.Unit, v => v.sigmoid(), y => y.logit(), Logistic, off),
        ["over a whole interval"] = off => Affine(100, 0, Domain.Unit, v => v.sigmoid(), y => y.logit(), Logistic, off),
    };

    public static TheoryData<string> Maps => [.. s_maps.Keys];

    [Theory]
    [MemberData(nameof(Maps))]
    public void WhatIsRightIsAccepted(string map) => s_law.Accepts(() => s_maps[map](0));

    [Theory]
    [MemberData(nameof(Maps))]
    public void WhatIsOffByALittleIsNot(string map) =>
        Assert.Equal(Integral, s_law.Rejects(() => s_maps[map](1e-3)).Where());

    [Fact]
    public void FiveDigitsAreAskedFor()
    {
        s_law.Accepts(() => s_maps["onto what has a lower end"](8e-6));
        s_law.Rejects(() => s_maps["onto what has a lower end"](1.2e-5));
    }

    [Fact]
    public void WhatOverflowsIsNoEndOfTheCodomain()
    {
        // Half of the mass lies where the map gives no more than what is written there.
        Sketch Below(double value) =>
            Affine(1000, 0, Domain.Real, v => where(v < -700, full_like(v, value), v), y => y, v => zeros_like(v), 0);
        s_law.Accepts(() => Below(double.NegativeInfinity));
        Assert.StartsWith("the mass", s_law.Rejects(() => Below(double.NaN)).Where(), StringComparison.Ordinal);
        Assert.StartsWith("the mass", s_law.Rejects(() => Below(-700)).Where(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEventOfOneEntryIsLookedAt()
    {
        Sketch Vector(double off) => new()
        {
            Sizes = s => s,
            Map = (_, x, _) => 2 * x,
            Undo = (_, y, _) => y / 2,
            Slope = (_, x, _) => full_like(x, Math.Log(2) + off),
            UndoSlope = (_, y, _) => full_like(y, -Math.Log(2)),
        };
        s_law.Accepts(() => Vector(0), Shape.Vector(1));
        s_law.Accepts(() => Vector(0), Shape.Of(1, 1));
        s_law.Rejects(() => Vector(1e-3), Shape.Vector(1));
        s_law.Rejects(() => Vector(1e-3), Shape.Of(1, 1));

        // Of more entries it says nothing.
        s_law.Accepts(() => Vector(1e-3), Shape.Vector(3));
    }

    [Fact]
    public void WhereAnEndIsNotMetTheMassUpToThereIsExpected()
    {
        // Onto what is beyond 0.1, declared as positive: of the density behind it a thousandth is not reached.
        s_law.Accepts(() => Beyond(0.1, 0));
        s_law.Rejects(() => Beyond(0.1, 1e-3));
    }

    // Jumps of the density in neighbouring cells of the grid, up to some cells apart: neither is a step larger than
    // those beside it.
    [Fact]
    public void WhatKinksCloseToOneAnotherExplainIsAllowed()
    {
        for (var shift = -0.02; shift < 0.02; shift += 0.001)
        {
            s_law.Accepts(
                () => new LeakyRelu(0.1) >> new Shift(shift) >> ~new LeakyRelu(0.2) >> new Shift(0.5), Shape.Scalar);
        }
    }

    [Fact]
    public void WhatAKinkExplainsIsAllowed() => s_law.Accepts(() => Kinked(0, 0));

    [Theory]
    [InlineData(1e-2, 0)]
    [InlineData(1e-3, 0)]
    [InlineData(2e-4, 1)]
    public void NothingElseIs(double off, int entry) =>
        Assert.Equal($"{Integral}, entry {entry}", s_law.Rejects(() => Kinked(off, entry)).Mismatch.What);

    [Fact]
    public void TooLittleMassSaysNothing()
    {
        var violation = s_law.Rejects(
            () => Elementwise((f, x) => (3 * x).tanh(), (f, x) => Math.Log(3) + (1 - (3 * x).tanh().square()).log()));
        Assert.Equal("the mass of a normal density of Forward(x) between the images of the ends of the domain",
            violation.Mismatch.What);
        Assert.Equal("nearly 1", violation.Mismatch.Expected);
        Assert.InRange(
            double.Parse(violation.Mismatch.Got, System.Globalization.CultureInfo.InvariantCulture), 0.3, 0.8);
    }

    [Fact]
    public void WhatIsRoundedOntoAnEndThatIsNotZeroSaysNothing()
    {
        // The inverse of the logarithm leads closer to the end than the scale tells: onto it, and beyond.
        s_law.Accepts(() => new Scale(-1.6) >> new Affine(2, 1.4) >> new Power(2) >> new Log(), Shape.Scalar);
        s_law.Accepts(() => new Scale(1.6) >> new Affine(2, 1e5) >> new Power(1.5) >> new Log(), Shape.Scalar);
        s_law.Accepts(() => new Scale(1.6) >> new Affine(2, -1e-9) >> new Power(1.5) >> new Log(), Shape.Scalar);
    }

    [Fact]
    public void WhereNothingIsFiniteThereIsNone() =>
        Assert.Equal(
            "0", s_law.Rejects(() => Elementwise((_, x) => x * double.NaN, (_, x) => zeros_like(x))).Mismatch.Got);

    /// <summary>
    /// Twice as steep from -0.5 to 1.34, in its first entry only: the density that it makes has two jumps. They lie
    /// between the nodes so that two grids agree, and are both wrong.
    /// </summary>
    private static Sketch Kinked(double off, int entry) => new()
    {
        Rank = 0,
        Map = (_, x, _) => x + First(x) * x.clamp(-0.5, KinkAt),
        Undo = (_, y, _) => y - First(y) * (y / 2).clamp(-0.5, KinkAt),
        Slope = (_, x, _) => Math.Log(2) * First(x) * Between(-0.5, x, KinkAt) + off * Entry(x, entry),
        UndoSlope = (_, y, _) => -Math.Log(2) * First(y) * Between(-1, y, 2 * KinkAt),
    };

    private static Tensor Between(double low, Tensor x, double high) => (x > low).logical_and(x < high).to(x.dtype);

    private static Tensor First(Tensor x) => Entry(x, 0);

    private static Tensor Entry(Tensor x, int entry) => (arange(3) == entry).to(x.dtype);

    private static Sketch Beyond(double end, double off) =>
        Elementwise((_, x) => end + x.exp(), (_, x) => x + off, Domain.Positive, (_, y) => y.log());

    private static Sketch Elementwise(Func<Sketch, Tensor, Tensor> map, Func<Sketch, Tensor,
        Tensor> slope, Domain? onto = null, Func<Sketch, Tensor, Tensor>? undo = null) => new()
        {
            Rank = 0,
            Onto = onto ?? Domain.Real,
            Map = (f, x, _) => map(f, x),
            Slope = (f, x, _) => slope(f, x),
            Undo = (f, y, _) => undo is null ? y.clone() : undo(f, y),
            UndoSlope = (_, y, _) => undo is null ? zeros_like(y) : -y.log(),
        };

    /// <summary>First v = scale x + shift, then from all reals onto an interval.</summary>
    private static Sketch Affine(double scale, double shift, Domain onto, Func<Tensor,
        Tensor> map, Func<Tensor, Tensor> undo, Func<Tensor, Tensor> slope, double off) => new()
        {
            Rank = 0,
            Onto = onto,
            Map = (_, x, _) => map(scale * x + shift),
            Undo = (_, y, _) => (undo(y) - shift) / scale,
            Slope = (_, x, _) => Math.Log(scale) + slope(scale * x + shift) + off,
            UndoSlope = (_, y, _) => -Math.Log(scale) - slope(undo(y)),
        };

    private static Tensor Logistic(Tensor v) => -nn.functional.softplus(v) - nn.functional.softplus(-v);
}
