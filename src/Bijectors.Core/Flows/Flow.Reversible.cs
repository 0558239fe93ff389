namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Switches reversible training on or off: activations are not kept for backward but computed again there, each
    /// layer's input by its inverse of its output.
    /// </summary>
    /// <remarks>
    /// <para>Memory of a training step: parameters, their gradients (twice, while backward is at work) and the
    /// activations of one layer, <c>P + 2 G + max A_i</c>, in place of <c>P + G + sum of A_i</c>. Time: about one more
    /// forward and one inverse, that is, a step takes up to twice as long.</para>
    /// <para>A layer that holds a short chain of its own (a mixer) counts as one layer, with all activations inside it.
    /// Of those that hold a long one, the largest of each chain (the rest of a multi-scale step) is left to autograd
    /// and the chain inside it is itself reversible; any other is undone as one layer and its chain once more by
    /// itself, which takes about half as much time again.</para>
    /// <para>Gradients are those of plain training up to rounding. A layer whose inverse is found by iteration or entry
    /// by entry, or gives back fewer than two thirds of the digits, is checkpointed: its input is kept. Where digits
    /// get lost for the first time, that backward pass is done again with all inputs kept. See
    /// <see cref="ReversibleLayers"/> for which layers these are. What is trained must be registered as parameters or
    /// buffers, and a layer must make the same of the same point (an estimated log-det is known and left alone).</para>
    /// <para>With <c>create_graph</c>, for second derivatives, backward takes the memory of a plain run; gradients are
    /// then NaN where the points or the context given to a chain were themselves computed from what takes gradients.
    /// Gradients are NaN, too, where weights were changed between forward and backward.</para>
    /// <para>The state dictionary is the same in both modes, and without gradients nothing changes. Source: Gomez et
    /// al. 2017, The reversible residual network: backpropagation without storing activations, arXiv 1707.04585.</para>
    /// </remarks>
    /// <param name="on">Whether it is to be on; switching it on again forgets which layers have lost digits.</param>
    /// <returns>This flow.</returns>
    public Flow Reversible(bool on = true)
    {
        ReversibleMode.Set(transform, on);
        return this;
    }

    /// <summary>
    /// What reversible training does with each layer of each chain, outer chains first; nothing where it is off.
    /// </summary>
    /// <returns>One entry a layer, named as in the state dictionary.</returns>
    public IReadOnlyList<ReversibleLayer> ReversibleLayers() =>
        [.. named_modules().SelectMany(row => row.module is IReversible chain ? chain.ReversibleLayers(row.name) : [])];
}
