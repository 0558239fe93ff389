using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A distribution without parameters whose elements are independent and alike; it knows where it is.</summary>
public abstract class ElementwiseDistribution : Distribution
{
    // Makes .to(device, dtype) reach the distribution, and tells where it went; saved, since TorchSharp does not move
    // buffers that are not.
    private readonly Tensor zero;

    /// <summary>A distribution of points of a shape.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="zero">Where a copy is, see <see cref="Place"/>; null for a new distribution.</param>
    protected ElementwiseDistribution(Shape eventShape, Tensor? zero = null)
        : base(eventShape)
    {
        this.zero = zero ?? Initial.Buffer(zeros([], ScalarType.Float32));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override ScalarType Dtype => zero.dtype;

    /// <inheritdoc/>
    public override Device Device => zero.device;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Where it is, as a constant of a copy.</summary>
    protected Tensor Place => Initial.Snapshot(zero);
}
