using Bijectors.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class DigitsTests : FolderTest
{
    [Fact]
    public void There_are_1797_images_of_8_by_8_with_17_levels_and_ten_classes()
    {
        using var digits = Datasets.Digits();
        Assert.Equal("digits: 1297 + 250 + 250 items (1, 8, 8), 17 levels", digits.ToString());
        var all = cat([digits.Train, digits.Validation, digits.Test]);
        Assert.Equal(0, all.min().item<float>());
        Assert.Equal(16, all.max().item<float>());
        Assert.Equal(ScalarType.Float32, all.dtype);

        // The sum of all pixels, and how often each digit occurs, as scikit-learn's copy of the same file has them.
        Assert.Equal(561_718, all.to(ScalarType.Float64).sum().item<double>());
        var labels = cat([digits.TrainLabels!, digits.ValidationLabels!, digits.TestLabels!]);
        Assert.Equal([178L, 182, 177, 183, 181, 182, 181, 179, 174, 180], labels.bincount(null).data<long>().ToArray());
    }

    [Fact]
    public void The_seed_deals_the_images_out_and_labels_follow()
    {
        using var first = Datasets.Digits(1);
        using var again = Datasets.Digits(1);
        using var other = Datasets.Digits(2);
        Assert.True(first.Train.Equals(again.Train) && first.TestLabels!.Equals(again.TestLabels!));
        Assert.False(first.Train.Equals(other.Train));

        // A zero is dark in the middle and a one is not: so images and labels have not come apart.
        Assert.True(Middle(0) < 2 && Middle(1) > 8, $"{Middle(0)}, {Middle(1)}");

        double Middle(int digit)
            => first.Train[first.TrainLabels!.eq(digit)][.., 0, 3..5, 3..5].mean().item<float>();
    }
}
