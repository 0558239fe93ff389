using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, true, false, false)]
    [InlineData(-2, true, true, false)]
    [InlineData(double.Epsilon, true, true, true)]
    [InlineData(3, true, true, true)]
    [InlineData(double.NaN, false, false, false)]
    [InlineData(double.PositiveInfinity, false, false, false)]
    [InlineData(double.NegativeInfinity, false, false, false)]
    public void A_number_is_refused_where_it_makes_no_map(double number, bool isShift, bool isScale, bool isSlope)
    {
        AssertTaken(isShift, () => new Shift(number), "Shift: expected a finite number, got ");
        AssertTaken(isScale, () => new Scale(number), "Scale: expected a finite number that is not zero, got ");
        AssertTaken(
            isSlope, () => new LeakyRelu(number), "LeakyRelu: expected a finite number greater than zero, got ");
    }

    [Fact]
    public void Dimensions_are_counted_from_the_end()
    {
        Assert.Equal("Reverse(-1)", new Reverse(-1).ToString());
        Assert.Equal(
            "Reverse: expected a dimension counted from the end (-1, -2, ...), got 0.",
            Assert.Throws<ArgumentException>(() => new Reverse(0)).Message);
    }

    [Fact]
    public void Only_permutations_are_orders()
    {
        Assert.Equal([2, 0, 1], Order([2, 0, 1]));
        Assert.Equal([0], Order([0]));
        Assert.Equal(
            "Permute: expected a permutation of 0..2, got 3 at place 1 out of range or for the second time.",
            Assert.Throws<ArgumentException>(() => new Permute([0, 3, 1])).Message);
        Assert.Throws<ArgumentException>(() => new Permute([0, -1, 1]));
        Assert.Throws<ArgumentException>(() => new Permute([0, 0, 1]));
        Assert.Throws<ArgumentException>(() => new Permute([1, 0, 1]));
        using var generator = new Generator(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Orders.Random(0, generator));
        Assert.Equal([0L, 1, 2, 3, 4], Orders.Random(5, generator).Order());

        static long[] Order(long[] order)
        {
            using var scope = NewDisposeScope();
            var (forward, inverse) = Orders.Of("Permute", order);
            using (forward)
            using (inverse)
            {
                Assert.Equal(Enumerable.Range(0, order.Length).Select(i => (long)i),
                    inverse.index_select(0, forward).data<long>().ToArray());
                return Orders.Read(forward);
            }
        }
    }

    private static void AssertTaken(bool expected, Action make, string message)
    {
        if (expected)
        {
            make();
        }
        else
        {
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
        }
    }
}
