using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class PixelPermutationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void All_channels_of_all_items_are_in_the_same_order_and_undo_puts_them_back()
    {
        var items = arange(5 * 3 * 4 * 6, dtype: ScalarType.Float32).view(5, 3, 4, 6);
        using var order = new PixelPermutation([3, 4, 6], seed: 1);
        var permuted = order.Apply(items);
        Assert.True(order.Undo(permuted).equal(items).all().item<bool>());
        Assert.False(permuted.equal(items).all().item<bool>());
        var places = permuted.view(15, 24) - items.view(15, 24).amin([1], keepdim: true);
        Assert.True(places.equal(places[0]).all().item<bool>());
        Assert.Equal(Enumerable.Range(0, 24), places[0].data<float>().Select(place => (int)place).Order());
    }

    [Fact]
    public void The_features_of_a_vector_are_permuted()
    {
        using var order = new PixelPermutation([7], seed: 1);
        var permuted = order.Apply(arange(7, dtype: ScalarType.Float32).view(1, 7));
        Assert.Equal(Enumerable.Range(0, 7), permuted.data<float>().Select(entry => (int)entry).Order());
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        var items = rand(2, 1, 8, 8, generator: new Generator(1));
        Assert.True(Permuted(3).equal(Permuted(3)).all().item<bool>());
        Assert.False(Permuted(3).equal(Permuted(4)).all().item<bool>());

        Tensor Permuted(int seed)
        {
            using var order = new PixelPermutation([1, 8, 8], seed);
            return order.Apply(items);
        }
    }

    [Fact]
    public void All_parts_of_a_data_set_are_permuted_alike_and_keep_their_labels()
    {
        using var digits = Datasets.Digits();
        using var order = new PixelPermutation(digits.ItemShape, seed: 0);
        using var permuted = order.Apply(digits);
        Assert.True(order.Undo(permuted.Train).equal(digits.Train).all().item<bool>());
        Assert.True(order.Undo(permuted.Validation).equal(digits.Validation).all().item<bool>());
        Assert.True(order.Undo(permuted.Test).equal(digits.Test).all().item<bool>());
        Assert.True(permuted.TestLabels!.Equals(digits.TestLabels!));
    }

    [Fact]
    public void Items_of_another_shape_are_refused()
    {
        using var order = new PixelPermutation([1, 8, 8], seed: 0);
        var exception = Assert.Throws<DataException>(() => order.Apply(zeros(2, 64)));
        Assert.Equal("PixelPermutation: expected items of shape (1, 8, 8), got (64).", exception.Message);
    }

    public void Dispose() => _scope.Dispose();
}
