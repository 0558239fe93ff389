namespace Bijectors.Cli;

/// <summary>
/// The twin of a flow with a standard normal base: the same mathematics with the same parameters, written as Python
/// libraries write it, in plain operations of torch whose gradients are autograd's.
/// </summary>
/// <remarks>Its tensors live in the dispose scope in which it is made.</remarks>
internal sealed class EagerFlow
{
    private readonly EagerLayer _transform;
    private readonly Shape _base;

    /// <summary>The twin of a flow as it is now; training one leaves the other alone.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="transform">Declares the layers; reads every parameter.</param>
    /// <exception cref="InvalidOperationException">A parameter is not read.</exception>
    public EagerFlow(Flow flow, Func<EagerState, EagerLayer> transform)
    {
        State = new(flow);
        _transform = transform(State.At("transform"));
        _base = flow.BaseShape;
        State.CheckAllRead();
    }

    /// <summary>The parameters.</summary>
    public EagerState State { get; }

    /// <summary>The log-density.</summary>
    /// <param name="x">Points, <c>(N, event...)</c>.</param>
    /// <returns><c>(N)</c>, in nats.</returns>
    public Tensor LogProb(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (z, logDet) = _transform.Forward(x);
        var normal = (-0.5 * z.square().flatten(1).sum(1)) - (0.5 * _base.Size * Math.Log(2 * Math.PI));
        return (normal + logDet).MoveToOuterDisposeScope();
    }

    /// <summary>Maps the base to data.</summary>
    /// <param name="z">Base points, <c>(N, base event...)</c>.</param>
    /// <returns><c>(N, event...)</c></returns>
    public Tensor Decode(Tensor z) => _transform.Inverse(z);

    /// <summary>Draws points.</summary>
    /// <returns><c>(count, event...)</c></returns>
    public Tensor Sample(long count, Generator generator)
    {
        using var z = randn([count, .. _base.ToArray()], State.Values.dtype, generator: generator);
        return Decode(z);
    }
}
