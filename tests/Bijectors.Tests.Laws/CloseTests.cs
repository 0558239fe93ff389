using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>What counts as close.</summary>
public sealed class CloseTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 1, 0, true)]
    [InlineData(1, 1.5, 0.5, true)]
    [InlineData(1, 0.5, 0.5, true)]
    [InlineData(1, 1.5, 0.4, false)]
    [InlineData(1, 0.5, 0.4, false)]
    [InlineData(1, double.NaN, 1, false)]
    [InlineData(1, double.NaN, double.PositiveInfinity, true)]
    [InlineData(double.NaN, double.NaN, 0, true)]
    [InlineData(double.NaN, 1, 1, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0, true)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, 1, false)]
    [InlineData(1, double.PositiveInfinity, 1, false)]
    [InlineData(0, 1e-300, 0, false)]
    public void IsWhatIsNoFurtherOffThanAllowed(double expected, double got, double allowed, bool close) =>
        Assert.Equal(close, Close.Find("it", tensor(expected), tensor(got), tensor(allowed)) is null);

    [Fact]
    public void TheWorstEntryIsNamed()
    {
        var found = Close.Find("it", tensor([1.0, 2, 3]), tensor([1.5, 4, 3]), tensor([1.0, 1, 1]))!;
        Assert.Equal(new Mismatch("it, entry 1", "2", "4, off by 2 where 1 is what rounding explains"), found);
    }

    [Fact]
    public void WorstIsRelativeToWhatIsAllowed() =>
        Assert.Equal(
            "it, entry 0", Close.Find("it", zeros(2, ScalarType.Float64), tensor([2.0, 3]), tensor([1.0, 2]))!.What);

    [Theory]
    [InlineData(new long[] { 1, 6 }, "it, entry 4")]
    [InlineData(new long[] { 2, 3 }, "it, entry (1, 1)")]
    [InlineData(new long[] { 1, 3, 1, 2 }, "it, entry (2, 0, 0)")]
    public void AnEntryIsNamedByItsPlace(long[] shape, string told)
    {
        var expected = zeros(6, ScalarType.Float64);
        var got = tensor([0.0, 0, 0, 0, 1, 0]);
        Assert.Equal(
            told, Close.Find("it", expected.reshape(shape), got.reshape(shape), expected.reshape(shape))!.What);
    }

    [Fact]
    public void ASingleEntryNeedsNoNumber() =>
        Assert.Equal("it", Close.Find("it", tensor(1.0), tensor(2.0), tensor(0.0))!.What);

    [Fact]
    public void ShapesMustBeTheSame() =>
        Assert.Equal(
            new Mismatch("it", "a tensor of shape (2, 1)", "one of shape (2)"),
            Close.Find("it", zeros(2, 1), zeros(2), zeros(2, 1)));

    [Fact]
    public void NothingIsCloseToNothing() => Assert.Null(Close.Find("it", zeros(0), zeros(0), zeros(0)));

    [Fact]
    public void ItLeavesNoTensorBehind()
    {
        var (x, y) = (tensor(1.0), tensor(2.0));
        var before = _scope.DisposablesCount;
        Close.Find("it", x, y, x);
        Assert.Equal(before, _scope.DisposablesCount);
    }
}
