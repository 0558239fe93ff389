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

    private ResidualBlock(Dense first, Dense second)
        : base(nameof(ResidualBlock))
    {
        this.first = first;
        this.second = second;
        RegisterComponents();
    }

    /// <summary>The layer before the second relu.</summary>
    public Dense First => first;

    /// <summary>The layer whose output is added.</summary>
    public Dense Second => second;

    /// <summary>All layers of a network in the order in which they are applied.</summary>
    /// <param name="initial">The first.</param>
    /// <param name="blocks">Residual blocks, or none.</param>
    /// <param name="layers">Plain layers, or none.</param>
    /// <param name="final">The last.</param>
    public static IReadOnlyList<Dense> Layers(
        Dense initial, IEnumerable<ResidualBlock>? blocks, IEnumerable<Dense>? layers, Dense final) =>
        [initial, .. layers ?? blocks!.SelectMany(block => new[] { block.First, block.Second }), final];

    /// <summary>The same block made of constants.</summary>
    /// <param name="mask">Which weights count; null for all.</param>
    public ResidualBlock Frozen(Tensor? mask = null) => mask is null ? new(first.Frozen(), second.Frozen())
        : new(first.Frozen(mask), second.Frozen(mask));
}
