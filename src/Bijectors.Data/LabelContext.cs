using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>A data set whose items are given their class, one-hot.</summary>
internal static class LabelContext
{
    private const long MostClasses = 10_000;

    /// <summary>The data set with its labels as context; the one that it is made of is taken over.</summary>
    /// <exception cref="DataException">Something else is asked for, or the set has no labels.</exception>
    public static Dataset Of(string whose, Dataset data, SpecQuery query)
    {
        if (query.Text("context") is not "label" || !query.IsRead)
        {
            throw new DataException(
                whose, "?context=label, since these data have no columns", "another word or column");
        }

        if (data is not { TrainLabels: { } train, ValidationLabels: { } validation, TestLabels: { } test })
        {
            throw new DataException(whose, "data with a class for each item", "data without");
        }

        using var scope = NewDisposeScope();
        var classes = new[]
        {
            train, validation, test,
        }.Where(labels => labels.numel() > 0).Max(labels => labels.max().item<long>()) + 1;
        if (classes > MostClasses || new[] { train, validation, test }.Any(labels => (labels < 0).any().item<bool>()))
        {
            throw new DataException(whose, $"classes from 0 to {MostClasses - 1}", "others");
        }

        Tensor OneHot(Tensor labels) => (labels.unsqueeze(-1) == arange(classes)).to(ScalarType.Float32);
        return new Dataset(
            data.Name,
            data.Levels,
            data.Train,
            data.Validation,
            data.Test,
            train,
            validation,
            test,
            new DatasetContext(
                OneHot(train), OneHot(validation), OneHot(test),
                [.. Enumerable.Range(0, (int)classes).Select(i => $"class {i}")]));
    }
}
