using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// The validation and test items that a comparison looks at: all of them, or a choice drawn from the seed, the same for
/// every model, where there are more than wanted.
/// </summary>
internal sealed class MeasuredItems : IDisposable
{
    private readonly List<Tensor> _chosen = [];

    /// <summary>Chooses items.</summary>
    /// <param name="data">The data, which must live longer.</param>
    /// <param name="most">How many validation items and how many test items to take at most.</param>
    /// <param name="seed">The seed of the choice.</param>
    /// <exception cref="UserException">There are no test items.</exception>
    public MeasuredItems(Dataset data, int most, int seed)
        : this(data, data.Test.shape[0] > 0 ? (data.Test, data.Context?.Test) : throw new UserException(
            $"{data.Name}: expected test items to report on, got none."), most, seed)
    {
    }

    private MeasuredItems(Dataset data, (Tensor Items, Tensor? Context) test, int most, int seed)
    {
        Validation = Choose(data.Validation, most, seed);
        Test = Choose(test.Items, most, seed);
        ValidationContext = data.Context is { } of ? Choose(of.Validation, most, seed) : null;
        TestContext = test.Context is { } given ? Choose(given, most, seed) : null;
    }

    /// <summary>Chooses items; where there are no test items, validation items in their place, or else training
    /// items.</summary>
    /// <inheritdoc cref="MeasuredItems(Dataset, int, int)"/>
    public static MeasuredItems OfAnyPart(Dataset data, int most, int seed)
    {
        var part = data.Test.shape[0] > 0 ? (data.Test, data.Context?.Test)
            : data.Validation.shape[0] > 0 ? (data.Validation, data.Context?.Validation)
            : (data.Train, data.Context?.Train);
        return new(data, part, most, seed);
    }

    public Tensor Validation { get; }

    public Tensor Test { get; }

    /// <summary>What the validation items are given; null where there is nothing.</summary>
    public Tensor? ValidationContext { get; }

    /// <summary>What the test items are given; null where there is nothing.</summary>
    public Tensor? TestContext { get; }

    public void Dispose() => _chosen.ForEach(tensor => tensor.Dispose());

    private Tensor Choose(Tensor items, int most, int seed)
    {
        if (items.shape[0] <= most)
        {
            return items;
        }

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var order = randperm(items.shape[0], generator: generator).narrow(0, 0, most);
        _chosen.Add(items.index_select(0, order).DetachFromDisposeScope());
        return _chosen[^1];
    }
}
