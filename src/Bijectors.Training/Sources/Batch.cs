using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>What one loss is computed from.</summary>
/// <param name="Items">Items, as a rule <c>(N, event...)</c>; what they are is between source and objective.</param>
/// <param name="Context">What a conditional distribution is given with each, <c>(N, context...)</c>; null for
/// none.</param>
public sealed record Batch(Tensor Items, Tensor? Context = null)
{
    /// <summary>The number of items N: how much the batch counts in means over batches.</summary>
    public long Count => Items.dim() == 0 ? 0 : Items.size(0);
}
