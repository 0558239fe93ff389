using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A pre-activation residual block: <c>h + second(relu(first(relu(h))))</c>.</summary>
internal sealed class ResidualBlock : nn.Module
{
    private readonly Dense first;
    private readonly Dense second;

    /// <param name="width">The width of h.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="hidden">The width between the two layers; that of h if null.</param>
    public ResidualBlock(long width, Generator generator, long? hidden = null)
        : base(nameof(ResidualBlock))
    {
        first = new(width, hidden ?? width, generator);
        second = new(hidden ?? width, width, generator);
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

    /// <summary>Applies the block.</summary>
    /// <param name="h"><c>(..., width)</c></param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor h)
    {
        using var scope = NewDisposeScope();
        var hidden = first.Apply(h.relu());
        return (h + second.Apply(hidden.relu())).MoveToOuterDisposeScope();
    }

    /// <summary>The same block made of constants.</summary>
    /// <param name="mask">Which weights count; null for all.</param>
    public ResidualBlock Frozen(Tensor? mask = null) => mask is null ? new(first.Frozen(), second.Frozen())
        : new(first.Frozen(mask), second.Frozen(mask));
}
