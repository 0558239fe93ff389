using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>What points and contexts must be, and how they are lined up.</content>
public abstract partial class Distribution
{
    private string Name => GetType().Name;

    /// <summary>Checks that points have a shape, the dtype of the distribution and its place.</summary>
    private protected void Check(Tensor point, Shape shape)
    {
        CheckShape(point, shape);
        CheckPlace(point, "points");
    }

    /// <summary>Checks that points have a shape.</summary>
    private void CheckShape(Tensor point, Shape shape)
    {
        CheckNotDisposed();
        ArgumentNullException.ThrowIfNull(point);
        CheckUsable(point, "points");
        if (point.dim() < shape.Rank || !point.shape.AsSpan()[^shape.Rank..].SequenceEqual(shape.ToArray()))
        {
            throw new ShapeException(
                Name, $"expected points {Batch(shape)}", $"got {Shape.Text(point.shape)}");
        }
    }

    /// <summary>
    /// Checks that there is a context where one is needed, and that it has its shape, dtype and place.
    /// </summary>
    private protected void CheckContext(Tensor? context)
    {
        CheckNotDisposed();
        CheckUsable(context, "a context");
        if (ContextShape is not { } shape)
        {
            if (context is not null)
            {
                throw new ArgumentException(
                    $"{Name}: expected no context, got one; declare its size with Conditional, before the layers that "
                    + "read it.",
                    nameof(context));
            }

            return;
        }

        if (context is null)
        {
            throw new ArgumentException($"{Name}: expected a context {Batch(shape)}, got none.", nameof(context));
        }

        if (context.dim() < shape.Rank || !context.shape.AsSpan()[^shape.Rank..].SequenceEqual(shape.ToArray()))
        {
            throw new ShapeException(
                Name, $"expected a context {Batch(shape)}", $"got {Shape.Text(context.shape)}");
        }

        CheckPlace(context, "a context");
    }

    /// <summary>The leading dimensions of points and context together.</summary>
    internal long[] BatchWithContext(Tensor point, Tensor? context)
    {
        using var repeated = Repeated(point, context, EventShape);
        return repeated.shape[..^EventShape.Rank];
    }

    /// <summary>Points <c>(N, event...)</c>, one after another, each with its context.</summary>
    internal (Tensor Points, Tensor? Contexts) EachWithItsContext(Tensor point, Tensor? context)
    {
        Check(point, EventShape);
        CheckContext(context);
        using var repeated = Repeated(point, context, EventShape);
        var (batch, shape) = (repeated.shape[..^EventShape.Rank], ContextShape?.ToArray() ?? []);
        var count = batch.Aggregate(1L, (product, size) => product * size);
        var points = repeated.reshape([count, .. EventShape.ToArray()]);
        if (context is null)
        {
            return (points, null);
        }

        var own = context.shape[..^shape.Length];
        using var lined = context.reshape([.. own, .. Enumerable.Repeat(1L, batch.Length - own.Length), .. shape]);
        using var wide = lined.expand([.. batch, .. shape]);
        return (points, wide.reshape([count, .. shape]));
    }

    /// <summary>Points with the leading dimensions that the context has besides.</summary>
    private protected Tensor Repeated(Tensor point, Tensor? context, Shape shape)
    {
        var own = point.shape[..^shape.Rank];
        var others = context is null ? [] : context.shape[..^ContextShape!.Value.Rank];
        var batch = new long[Math.Max(own.Length, others.Length)];
        for (var i = 0; i < batch.Length; i++)
        {
            var (size, other) = (i < own.Length ? own[i] : 1, i < others.Length ? others[i] : 1);
            batch[i] = size == 1 || other == size ? other : other == 1 ? size : throw new ShapeException(
                Name,
                $"expected a context with leading dimensions {Shape.Text(own)}, the first of them, or 1 in their place",
                $"got {Shape.Text(others)}");
        }

        if (batch.AsSpan().SequenceEqual(own))
        {
            return point.alias();
        }

        long[] @event = shape.ToArray();
        using var view = point.reshape([.. own, .. Enumerable.Repeat(1L, batch.Length - own.Length), .. @event]);
        return view.expand([.. batch, .. @event]);
    }

    private static string Batch(Shape shape) => $"(batch..., {string.Join(", ", shape.ToArray())})";

    private protected void CheckExact()
    {
        if (!HasExactLogProb)
        {
            throw new InvalidOperationException(
                $"{Name}: its density is known by a lower bound only, since a layer of it "
                + "adds noise; call LowerBound.");
        }
    }

    private protected void CheckDraw(long count, Tensor? context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckContext(context);
        if (context is null || ContextShape is not { } shape)
        {
            return;
        }

        var leading = context.shape[..^shape.Rank];
        if (leading.Length > 1 || (leading.Length == 1 && leading[0] != count))
        {
            throw new ShapeException(
                Name,
                $"expected a context {shape} or {Shape.Text([count, .. shape.ToArray()])}",
                $"got {Shape.Text(context.shape)}");
        }
    }

    private long[] BatchForEach(long count, Tensor context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(context);
        CheckContext(context);
        return [.. context.shape[..^ContextShape!.Value.Rank], count];
    }

    /// <summary>Torch's own complaint would be a page of native frames.</summary>
    private void CheckPlace(Tensor tensor, string what)
    {
        if (tensor.dtype != Dtype || tensor.device_type != Device.type)
        {
            throw new ArgumentException(
                $"{Name}: expected {what} of {Dtype} on {Device}, where the {Kind} is, got {tensor.dtype} on "
                + $"{tensor.device}; convert them, or the {Kind}, with .to(...).");
        }
    }

    private protected virtual string Kind => "distribution";
}
