using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class DatasetTests : FolderTest
{
    [Fact]
    public void A_data_set_outlives_the_scope_it_was_made_in_and_disposes_its_tensors()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Dataset set;
        using (NewDisposeScope())
        {
            set = new Dataset("mine", 3, ones(4, 2), zeros(1, 2), zeros(0, 2), Classes(4), Classes(1), Classes(0));
        }

        Assert.Equal(8, set.Train.sum().item<float>());
        Assert.Equal([2L], set.ItemShape);
        Assert.Equal("mine: 4 + 1 + 0 items (2), 3 levels", set.ToString());
        var train = set.Train;
        set.Dispose();
        Assert.True(train.IsInvalid);
        set.Dispose();
        using (NewDisposeScope())
        {
            Datasets.FromTensor("mine", ones(40, 2), labels: Classes(40)).Dispose();
        }

        // The sum above belongs to this test's scope; nothing else is left.
        Assert.Equal(live + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_item_shape_cannot_be_changed_from_outside()
    {
        using var set = Datasets.FromTensor("mine", ones(10, 2));
        set.ItemShape[0] = 7;
        Assert.Equal([2L], set.ItemShape);
    }

    [Fact]
    public void A_tensor_is_dealt_out_without_loss_and_labels_stay_with_their_items()
    {
        var items = arange(100, ScalarType.Float64).reshape(100, 1);
        var labels = arange(100, ScalarType.Int32);
        using var set = Datasets.FromTensor("mine", items, Split.Sizes(70, 20, 10), 5, labels: labels);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), AllSorted(set));
        Assert.Equal((70, 20, 10), (set.Train.shape[0], set.Validation.shape[0], set.Test.shape[0]));
        Assert.Equal(ScalarType.Float32, set.Train.dtype);
        Assert.Equal(Values(set.Train), Values(set.TrainLabels!.to(ScalarType.Float32)));
        Assert.Equal(Values(set.Validation), Values(set.ValidationLabels!.to(ScalarType.Float32)));
        Assert.Equal(Values(set.Test), Values(set.TestLabels!.to(ScalarType.Float32)));
        items.zero_();
        Assert.Equal(4950, cat([set.Train, set.Validation, set.Test]).sum().item<float>());
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var items = ones(4, 2);
        Assert.Equal(
            "mine: expected validation items of shape (2) as in training, got (3).",
            Message(() => new Dataset("mine", null, ones(4, 2), ones(4, 3), ones(4, 2))));
        Assert.Equal(
            "mine: expected training items as a float32 tensor (items, ...), got Float64 (4, 2).",
            Message(() => new Dataset("mine", null, ones(4, 2, ScalarType.Float64), ones(4, 2), ones(4, 2))));
        Assert.Equal(
            "mine: expected at least one item with at least one value to train on, got an empty set.",
            Message(() => new Dataset("mine", null, ones(0, 2), ones(4, 2), ones(4, 2))));
        Assert.Equal(
            "mine: expected labels for all three parts or for none, got them for some.",
            Message(() => new Dataset("mine", null, items, items, items, Classes(4))));
        Assert.Equal(
            "mine: expected one int64 label for each of 4 items, got Int64 (5).",
            Message(() => new Dataset("mine", null, items, items, items, Classes(5), Classes(4), Classes(4))));
        Assert.Equal(
            "mine: expected one integer label for each of 30 items, got Float32 (30).",
            Message(() => Datasets.FromTensor("mine", ones(30, 2), labels: ones(30))));
        Assert.Equal(
            "mine: expected items as a tensor (items, ...), got an empty set or none: (0, 2).",
            Message(() => Datasets.FromTensor("mine", ones(0, 2))));
    }

    [Fact]
    public void A_value_that_is_not_finite_or_no_level_is_named()
    {
        var items = zeros(2_000_000, 3);
        items[1_999_998, 2] = double.NaN;
        Assert.Equal(
            "mine: expected finite values, got NaN or infinity in item 1999998; drop it or fill it in.",
            Message(() => Datasets.FromTensor("mine", items)));
        items[1_999_998, 2] = 0.5;
        Assert.Equal(
            "mine, training: expected integers 0..2 (3 levels), got 0.5 in item 1999998.",
            Message(() => new Dataset("mine", 3, items, zeros(0, 3), zeros(0, 3))));
        items[1_999_998, 2] = 3;
        Assert.Equal(
            "mine, test: expected integers 0..2 (3 levels), got 3 in item 1999998.",
            Message(() => new Dataset("mine", 3, zeros(1, 3), zeros(0, 3), items)));
        items[1_999_998, 2] = -1;
        Assert.Equal(
            "mine, test: expected integers 0..2 (3 levels), got -1 in item 1999998.",
            Message(() => new Dataset("mine", 3, zeros(1, 3), zeros(0, 3), items)));
        Assert.Equal(
            "mine: expected at least 2 levels, or null for continuous values, got 1.",
            Message(() => new Dataset("mine", 1, zeros(1, 3), zeros(0, 3), zeros(0, 3))));
        var infinite = tensor([0, 1e30f, float.NegativeInfinity]).reshape(3, 1);
        Assert.Equal(
            "mine, training: expected finite values, got NaN or infinity in item 2; drop it or fill it in.",
            Message(() => new Dataset("mine", null, infinite, zeros(0, 1), zeros(0, 1))));
    }

    private static Tensor Classes(int count) => zeros(count, dtype: ScalarType.Int64);
}
