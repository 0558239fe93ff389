using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The keys and values of the tokens that causal attention has read so far, of one layer.</summary>
internal sealed class KeyValues : IDisposable
{
    private readonly Tensor _keys;
    private readonly Tensor _values;
    private long _count;

    /// <param name="items">How many sequences there are.</param>
    /// <param name="heads">The number of heads.</param>
    /// <param name="tokens">The length of the whole sequence.</param>
    /// <param name="size">The size of a head.</param>
    /// <param name="like">A tensor of the same dtype and device.</param>
    public KeyValues(long items, long heads, long tokens, long size, Tensor like)
    {
        long[] shape = [items, heads, tokens, size];
        _keys = empty(shape, like.dtype, like.device);
        _values = empty(shape, like.dtype, like.device);
    }

    /// <summary>Adds those of the next token.</summary>
    /// <param name="key"><c>(items, heads, 1, size)</c></param>
    /// <param name="value">The same.</param>
    /// <returns>All so far, <c>(items, heads, tokens so far, size)</c>, as views.</returns>
    public (Tensor Keys, Tensor Values) Append(Tensor key, Tensor value)
    {
        using var keyPlace = _keys.narrow(2, _count, 1);
        using var valuePlace = _values.narrow(2, _count, 1);
        keyPlace.copy_(key);
        valuePlace.copy_(value);
        _count++;
        return (_keys.narrow(2, 0, _count), _values.narrow(2, 0, _count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }
}
