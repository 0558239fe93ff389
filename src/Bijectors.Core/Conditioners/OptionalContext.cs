using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An embedding of a context that may be missing: a context whose numbers are all NaN stands for none, and becomes a
/// trained vector; any other becomes what another embedding makes of it, or itself as a vector.
/// </summary>
/// <remarks>
/// Trained with contexts that are left out now and then (<c>TrainingOptions.ContextDropout</c>), one flow holds
/// <c>p(x | c)</c> and <c>p(x)</c>, from which samples are guided (<see cref="Flow.Guided"/>). Source: Ho, Salimans
/// 2022, Classifier-free diffusion guidance, arXiv 2207.12598.
/// </remarks>
public sealed class OptionalContext : Conditioner
{
    private readonly Conditioner? network;
    private readonly Tensor none;

    /// <summary>An embedding of contexts of a shape, or of none.</summary>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="network">What reads contexts that are there, and gives vectors; null for the numbers
    /// themselves.</param>
    /// <exception cref="ShapeException">The network reads another shape, or does not give vectors.</exception>
    /// <exception cref="ArgumentException">The network takes a context of its own.</exception>
    public OptionalContext(Shape contextShape, Conditioner? network = null)
        : this(contextShape, network, Initial.Constant(0, SizeOf(contextShape, network)))
    {
    }

    private OptionalContext(Shape contextShape, Conditioner? network, Tensor none)
        : base(contextSize: 0)
    {
        ContextShape = contextShape;
        this.network = network;
        this.none = none;
        RegisterComponents();
    }

    /// <summary>The shape of one context.</summary>
    public Shape ContextShape { get; }

    /// <summary>What reads contexts that are there; null for the numbers themselves.</summary>
    public Conditioner? Network => network;

    /// <inheritdoc/>
    public override int EventRank => ContextShape.Rank;

    /// <inheritdoc/>
    public override bool AcceptsNone => true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        input.Rank >= EventRank && input.Trailing(EventRank) == ContextShape
            ? input.Leading(EventRank).Then(Shape.Vector(none.numel()))
            : throw new ShapeException(nameof(OptionalContext), $"expected a context {ContextShape}", $"got {input}");

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var batch = input.shape[..^EventRank];
        var missing = Missing(input);

        // Gradients must not meet the NaN of what is not selected.
        var wide = missing.reshape([.. batch, .. Enumerable.Repeat(1L, EventRank)]);
        var there = where(wide, zeros_like(input), input);
        var read = network is null ? there.reshape([.. batch, none.numel()]) : network.Evaluate(there, null);
        return where(missing.unsqueeze(-1), none, read).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() =>
        new OptionalContext(ContextShape, network?.Frozen(), Initial.Snapshot(none));

    /// <summary>The type and what reads contexts.</summary>
    public override string ToString() => $"OptionalContext({(network is null ? $"{ContextShape}" : $"{network}")})";

    /// <inheritdoc/>
    protected internal override void InitializeFrom(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (network is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var events = input.reshape([-1, .. ContextShape.ToArray()]);
        var there = events[Missing(events).logical_not()];
        if (there.shape[0] > 0)
        {
            network.InitializeFrom(there);
        }
    }

    private static long SizeOf(Shape contextShape, Conditioner? network)
    {
        if (network is null)
        {
            return contextShape.Size;
        }

        var output = network.OutputShape(contextShape);
        return network.ContextSize > 0
            ? throw new ArgumentException(
                "OptionalContext: expected a network that reads the context as its input and takes no other, got one "
                + $"with a context of size {network.ContextSize}.",
                nameof(network))
            : output.Rank == 1
                ? output[0]
                : throw new ShapeException(
                    nameof(OptionalContext), "expected a network that gives vectors (C)", $"got {output}");
    }

    private Tensor Missing(Tensor input) =>
        input.isnan().reshape([.. input.shape[..^EventRank], ContextShape.Size]).all(-1);
}
