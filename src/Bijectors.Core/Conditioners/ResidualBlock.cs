using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A pre-activation residual block: <c>h + second(relu(first(relu(h))))</c>.</summary>
internal sealed class ResidualBlock : nn.Module
{
    private readonly Dense first;
    private readonly Dense second;

    public ResidualBlock(long width, Generator generator)
        : base(nameof(ResidualBlock))
    {
        first = new(width, width, generator);
        second = new(width, width, generator);
        RegisterComponents();
    }

    /// <summary>The layer before the second relu.</summary>
    public Dense First => first;

    /// <summary>The layer whose output is added.</summary>
    public Dense Second => second;

    /// <summary>Applies the block.</summary>
    /// <param name="h"><c>(..., width)</c></param>
    /// <param name="mask">Which weights count, <c>(width, width)</c>; null for all.</param>
    public Tensor Apply(Tensor h, Tensor? mask = null)
    {
        using var active = h.relu();
        using var hidden = mask is null ? first.Apply(active) : first.Apply(active, mask);
        using var again = hidden.relu();
        using var change = mask is null ? second.Apply(again) : second.Apply(again, mask);
        return h + change;
    }
}
