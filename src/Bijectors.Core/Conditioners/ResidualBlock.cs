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

    /// <summary>All layers of a residual network in the order in which they are applied.</summary>
    public static IEnumerable<Dense> Layers(Dense initial, IEnumerable<ResidualBlock> blocks, Dense final) =>
        [initial, .. blocks.SelectMany(block => new[] { block.First, block.Second }), final];
}
