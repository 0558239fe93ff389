using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The distribution that a flow's bijector turns the data into; elements are independent.</summary>
public abstract class Base : SharableModule
{
    /// <summary>A base with the name of its type.</summary>
    protected Base()
        : base(nameof(Base))
    {
    }

    /// <summary>A new standard normal base: every element has density <c>exp(-z^2 / 2) / sqrt(2 pi)</c>.</summary>
    public static Base StandardNormal => new StandardNormal();

    /// <summary>Where the density is positive, elementwise.</summary>
    public abstract Domain Support { get; }

    /// <summary>The dtype of samples, that of the flow.</summary>
    public abstract ScalarType Dtype { get; }

    /// <summary>Where samples are made, where the flow is.</summary>
    public abstract Device Device { get; }

    /// <summary>The log-density.</summary>
    /// <param name="z">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="eventRank">The number of last dimensions of z that belong to the event.</param>
    /// <returns><c>(batch...)</c>, in nats.</returns>
    public abstract Tensor LogProb(Tensor z, int eventRank);

    /// <summary>Draws points.</summary>
    /// <param name="batch">The batch dimensions.</param>
    /// <param name="event">The event shape.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(batch..., event...)</c>, of <see cref="Dtype"/> on <see cref="Device"/>.</returns>
    public abstract Tensor Sample(ReadOnlySpan<long> batch, Shape @event, Generator? generator = null);

    /// <summary>The same distribution made of constants, for <see cref="Flow.Frozen"/>. A base of one's own that holds parameters or buffers overrides it.</summary>
    /// <returns>A new base; this one where it holds nothing that could change.</returns>
    /// <exception cref="InvalidOperationException">It holds parameters or buffers and does not override this.</exception>
    public virtual Base Frozen() => Freezing.Stateless(this, nameof(Frozen));
}
