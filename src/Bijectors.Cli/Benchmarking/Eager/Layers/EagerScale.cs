namespace Bijectors.Cli;

/// <summary>
/// Log-scales and shifts from the output <c>[s | t]</c> of a network, along its features or channels.
/// </summary>
internal static class EagerScale
{
    /// <summary><c>limit tanh(s / limit)</c>, and t.</summary>
    public static (Tensor LogScale, Tensor Shift) Of(Tensor parameters, double limit = 2, long dim = 1)
    {
        var (raw, shift) = Raw(parameters, dim);
        return (limit * (raw / limit).tanh(), shift);
    }

    /// <summary>s and t.</summary>
    public static (Tensor Scale, Tensor Shift) Raw(Tensor parameters, long dim = 1)
    {
        var parts = parameters.chunk(2, dim);
        return (parts[0], parts[1]);
    }
}
