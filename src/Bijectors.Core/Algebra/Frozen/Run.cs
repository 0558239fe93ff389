using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Neighbouring layers that become one.</summary>
internal abstract record Run
{
    /// <summary>This run and the one behind it as one; null where they stay apart.</summary>
    public virtual Run? Then(Run next) => null;

    /// <summary>The one layer.</summary>
    public abstract Bijector Merged(ScalarType dtype);

    /// <summary>
    /// Disposes what copies hold that have been merged; they may contain modules of the flow that hold nothing.
    /// </summary>
    protected static void Release(IEnumerable<Bijector> layers)
    {
        foreach (var tensor in layers.SelectMany(layer => layer.parameters().Concat(layer.buffers())))
        {
            tensor.Dispose();
        }
    }
}

/// <summary>A single layer.</summary>
internal sealed record OtherRun(Bijector Layer) : Run
{
    public override Bijector Merged(ScalarType dtype) => Layer;
}

/// <summary>Layers that scale and shift each element separately, on events of one shape.</summary>
internal sealed record ElementsRun(IReadOnlyList<Bijector> Layers, Shape Shape) : Run
{
    private FrozenScale? _scale;

    /// <summary>They as one, in float64.</summary>
    public FrozenScale Scale => _scale ??= FrozenScale.Of(Layers, Shape);

    private IReadOnlyList<Bijector> Parts => _scale is null ? Layers : [Taken()];

    public override Run? Then(Run next) => next switch
    {
        ElementsRun elements => new ElementsRun([.. Parts, .. elements.Parts], Shape),
        VectorsRun { HasMatrix: true } vectors when Scale.Fits(vectors.Axis, before: true) =>
            vectors with { Layers = [Taken(), .. vectors.Layers] },
        _ => null,
    };

    /// <summary>They as one, for good: the layers are disposed.</summary>
    public FrozenScale Taken()
    {
        var scale = Scale;
        Release(Layers);
        return scale;
    }

    public override Bijector Merged(ScalarType dtype)
    {
        // There is nothing to compute beforehand for a number.
        if (Layers is [var layer] && !layer.buffers().Any())
        {
            return layer;
        }

        Scale.to(dtype);
        return Taken();
    }
}

/// <summary>
/// Layers that are affine along one axis, of <paramref name="Size"/> entries; without a matrix among them,
/// one permutation.
/// </summary>
internal sealed record VectorsRun(IReadOnlyList<Bijector> Layers, long Size, int Axis, bool HasMatrix) : Run
{
    public override Run? Then(Run next) => next switch
    {
        VectorsRun vectors when vectors.Axis == Axis && (HasMatrix || vectors.HasMatrix) =>
            this with { Layers = [.. Layers, .. vectors.Layers], HasMatrix = true },
        ElementsRun elements when HasMatrix && elements.Scale.Fits(Axis, before: false) =>
            this with { Layers = [.. Layers, elements.Taken()] },
        _ => null,
    };

    public override Bijector Merged(ScalarType dtype)
    {
        if (!HasMatrix)
        {
            return Layers.Single();
        }

        var linear = FrozenLinear.Of(Layers, Size, Axis);
        linear.to(dtype);
        Release(Layers);
        return linear;
    }
}
