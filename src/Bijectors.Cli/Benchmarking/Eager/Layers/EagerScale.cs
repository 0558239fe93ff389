namespace Bijectors.Cli;

/// <summary>
/// Log-scales and shifts from the output <c>[s | t]</c> of a network, along its features or channels.
/// </summary>
internal static class EagerScale
{
    /// <summary><c>limit tanh(s / limit)</c>, and t.</summary>
    public static (Tensor LogScale, Tensor Shift) Of(Tensor parameters, double limit = 2)
    {
        var (raw, shift) = Raw(parameters);
        return (limit * (raw / limit).tanh(), shift);
    }

    /// <summary>s and t.</summary>
    public static (Tensor Scale, Tensor Shift) Raw(Tensor parameters)
    {
        var parts = parameters.chunk(2, 1);
        return (parts[0], parts[1]);
    }
}
