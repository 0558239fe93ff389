namespace Bijectors.Zoo;

/// <summary>How models end in an autoregressive mixture of some channels of their tokens.</summary>
internal static class TokenSteps
{
    /// <summary>Keeps the first channels of each token, and drops the others into a distribution.</summary>
    /// <param name="flow">The declaration, of (tokens, channels).</param>
    /// <param name="model">The model, for messages.</param>
    /// <param name="informative">How many channels are kept; 0 for half. Where all are, nothing is dropped.</param>
    /// <param name="redundant">Makes the distribution of what is dropped from the declaration and the shape of what is
    /// dropped.</param>
    /// <exception cref="ArgumentException">There are not so many channels.</exception>
    public static FlowBuilder Informative(
        this FlowBuilder flow, string model, int informative, Func<FlowBuilder, Shape, Distribution> redundant)
    {
        var channels = flow.Shape[-1];
        if (informative > channels)
        {
            throw new ArgumentException(
                $"{model}: expected informative of at most {channels}, the channels of a patch, got {informative}.");
        }

        var kept = informative == 0 ? (channels + 1) / 2 : informative;
        if (kept == channels)
        {
            return flow;
        }

        return flow.Then(b =>
        {
            var dropped = redundant(b, b.Shape.With(-1, channels - kept));
            return new Slice(
                b.Shape, Partition.First(kept), dropped,
                dropped.ContextShape is null || b.ContextSize == 0 ? null : Shape.Vector(b.ContextSize));
        });
    }

    /// <summary>The mixture of each token, given those before it and the context.</summary>
    public static AutoregressiveMixture TokenMixture(
        this FlowBuilder flow, PatchOptions options, int components, int layers)
    {
        var (tokens, channels) = (flow.Shape[-2], flow.Shape[-1]);
        var network = new CausalTransformer(
            channels, tokens, options.Hidden, layers, flow.Generator, flow.ContextSize,
            AutoregressiveMixture.OutputsFor(components, channels), options.Heads, options.Expansion);
        return new(flow.Shape, network, components, flow.Generator);
    }
}
