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
    {
        if (data.Test.shape[0] == 0)
        {
            throw new UserException($"{data.Name}: expected test items to report on, got none.");
        }

        Validation = Choose(data.Validation, most, seed);
        Test = Choose(data.Test, most, seed);
        ValidationContext = data.Context is { } of ? Choose(of.Validation, most, seed) : null;
        TestContext = data.Context is { } given ? Choose(given.Test, most, seed) : null;
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
