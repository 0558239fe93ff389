using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>What every backward pass in C# has to see to.</summary>
public sealed class BackwardTests : NumericalTest
{
    [Fact]
    public void Gradients_that_are_returned_live_until_the_next_call()
    {
        var given = Random(3);
        var (first, second) = (Random(3).DetachFromDisposeScope(), Random(3).DetachFromDisposeScope());
        var returned = Backward.Run([given, null], () => [first, null], () => throw new InvalidOperationException("Nobody asked."), 2);
        Assert.Equal((IEnumerable<Tensor?>)[first, null], returned);
        Assert.True(given.IsInvalid);
        Assert.False(first.IsInvalid);
        Backward.Run([Random(3)], () => [second], () => [], 1);
        Assert.True(first.IsInvalid);
        Assert.False(second.IsInvalid);
        Backward.Release();
        Assert.True(second.IsInvalid);

        // Released once, it is forgotten.
        Backward.Release();
    }

    [Fact]
    public void Where_no_gradient_comes_in_none_goes_out() =>
        Assert.Equal((IEnumerable<Tensor?>)[null, null, null], Backward.Run([null, null], () => throw new InvalidOperationException("Nobody asked."), () => [], 3));

    [Fact]
    public void Gradients_that_cannot_be_computed_are_NaN_for_every_input()
    {
        var given = Random(3);
        Tensor[] saved = [Random(2, 3), Random(4).to(ScalarType.Float32), Random(5)];
        var gradients = Backward.Run([given], () => throw new InvalidOperationException("It fails."), () => [.. saved], 2);
        Assert.Equal(2, gradients.Count);
        Assert.All(gradients.Zip(saved), pair =>
        {
            Assert.Equal(pair.Second.shape, pair.First.shape);
            Assert.Equal(pair.Second.dtype, pair.First.dtype);
            Assert.True(pair.First.isnan().all().item<bool>());
        });
        Assert.True(given.IsInvalid);
        Backward.Release();
    }
}
