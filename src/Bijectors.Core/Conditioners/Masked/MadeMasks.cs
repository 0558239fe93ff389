using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The masks of a <see cref="Made"/> as they are saved, and the degrees that they came from.</summary>
/// <param name="Input"><c>(hidden, D + C)</c></param>
/// <param name="Hidden"><c>(hidden, hidden)</c></param>
/// <param name="Output"><c>(outputs D, hidden)</c></param>
internal readonly record struct MadeMasks(Tensor Input, Tensor Hidden, Tensor Output)
{
    /// <summary>The order and the degrees from which these masks come.</summary>
    /// <param name="features">The number D of features.</param>
    /// <param name="known">An order that is given back where its masks are these. Masks of few units may come from
    /// several orders of the features: that of the known one is kept where it is among them, so that what is loaded
    /// computes in the order of what was saved.</param>
    /// <exception cref="InvalidOperationException">They come from none.</exception>
    public MadeOrder Order(int features, MadeOrder? known = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (known is not null && IsOf(known))
        {
            return known;
        }

        var inputs = Rows(Input.narrow(1, 0, features));
        var outputs = Rows(Output.narrow(0, 0, features));
        long[] degrees = [.. inputs.Select(row => (long)row.Count(entry => entry != 0))];

        if (!degrees.All(degree => degree < features))
        {
            throw NoOrder();
        }

        if (known is not null && new MadeOrder(degrees, known.Places) is var kept && IsOf(kept))
        {
            return kept;
        }

        // A feature comes before another one where more units depend on it, and its outputs on fewer.
        int[] places = [.. Enumerable.Range(0, features)
            .OrderByDescending(feature => inputs.Count(row => row[feature] != 0))
            .ThenBy(feature => outputs[feature].Count(entry => entry != 0))];
        return new MadeOrder(degrees, places) is var order && IsOf(order) ? order : throw NoOrder();
    }

    private static InvalidOperationException NoOrder() => new(
        "Made: expected masks that come from one order of the features and one degree for each hidden unit, got an "
        + "inputMask, a hiddenMask and an outputMask that do not; load all three as they were saved.");

    private bool IsOf(MadeOrder order)
    {
        var features = order.Features;
        using var input = order.InputMask(Input.size(1) - features);
        using var hidden = order.HiddenMask();
        using var output = order.OutputMask((int)(Output.size(0) / features));
        return AreEqual(Input, input) && AreEqual(Hidden, hidden) && AreEqual(Output, output);
    }

    private static bool AreEqual(Tensor mask, Tensor expected)
    {
        // Disposed with the scope: where nothing has to be converted, torch may give the mask itself.
        return (mask.to(ScalarType.Float32, CPU) == expected).all().item<bool>();
    }

    private static float[][] Rows(Tensor mask)
    {
        var width = (int)mask.size(1);
        return [.. mask.to(ScalarType.Float32, CPU).contiguous().data<float>().ToArray().Chunk(width)];
    }
}
