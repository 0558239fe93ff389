using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// How items are dealt out to training, validation and test: by a permutation drawn from a seed with a generator of its
/// own. The global random state is never touched. The same seed and count give the same split.
/// </summary>
public sealed class Split
{
    private readonly Func<long, (long Train, long Validation, long Test)> _sizes;
    private readonly string _text;

    private Split(Func<long, (long, long, long)> sizes, string text) => (_sizes, _text) = (sizes, text);

    /// <summary>Four fifths to train on, a tenth each for validation and test.</summary>
    public static Split Usual { get; } = Fractions(0.8, 0.1, 0.1);

    /// <summary>Fixed numbers of items; items beyond their sum are left out.</summary>
    /// <exception cref="DataException">A size is negative, or there is nothing to train on.</exception>
    public static Split Sizes(long train, long validation, long test)
        => train < 1 || validation < 0 || test < 0
            ? throw new DataException("Split", "sizes of at least 1, 0 and 0", $"{train}, {validation} and {test}")
            : new(_ => (train, validation, test), $"{train} + {validation} + {test} items");

    /// <summary>
    /// Fractions of all items. A fraction above 0 gets at least one item; what rounding leaves over goes to training.
    /// </summary>
    /// <exception cref="DataException">
    /// A fraction is outside [0, 1], they do not add up to 1, or there is nothing to train on.
    /// </exception>
    public static Split Fractions(double train, double validation, double test)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{train}, {validation} and {test}");
        return train > 0 && validation >= 0 && test >= 0 && Math.Abs(train + validation + test - 1) < 1e-9
            ? new(count => OfCount(count, validation, test), $"fractions {text}")
            : throw new DataException(
                "Split",
                "fractions of 0 to 1 that add up to 1 with something to train on",
                text);
    }

    /// <summary>The sizes of the three parts of <paramref name="count"/> items.</summary>
    /// <exception cref="DataException">There are too few items.</exception>
    public (long Train, long Validation, long Test) Of(long count) => Of("Split", count);

    /// <summary>The indices of the three parts: int64 tensors, no index twice, owned by the caller.</summary>
    /// <exception cref="DataException">There are too few items.</exception>
    public (Tensor Train, Tensor Validation, Tensor Test) Draw(long count, int seed) => Draw("Split", count, seed);

    /// <inheritdoc/>
    public override string ToString() => _text;

    internal (Tensor Train, Tensor Validation, Tensor Test) Draw(string whose, long count, int seed)
    {
        var sizes = Of(whose, count);
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var order = randperm(count, generator: generator);
        return scope.MoveToOuter(
            order.narrow(0, 0, sizes.Train).clone(),
            order.narrow(0, sizes.Train, sizes.Validation).clone(),
            order.narrow(0, sizes.Train + sizes.Validation, sizes.Test).clone());
    }

    private (long Train, long Validation, long Test) Of(string whose, long count)
    {
        var (train, validation, test) = _sizes(count);
        return train >= 1 && train + validation + test <= count
            ? (train, validation, test)
            : throw new DataException(
                whose,
                $"enough items for a split into {_text}",
                $"{count}",
                "ask for smaller parts");
    }

    private static (long, long, long) OfCount(long count, double validation, double test)
    {
        var (forValidation, forTest) = (Share(validation), Share(test));
        return (count - forValidation - forTest, forValidation, forTest);

        long Share(double fraction) => fraction == 0 ? 0 : Math.Max(1, (long)Math.Round(fraction * count));
    }
}
