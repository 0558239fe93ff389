using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Tells how far a backward pass is: the points between the layers of a chain are marked on the way forward, and when
/// the gradient comes back through a mark, all gradients of the layers behind it are there.
/// </summary>
/// <remarks>
/// Of the nodes that are ready, torch runs the one first that was made last, on the processor; what the layers behind a
/// mark have computed was made after it. Marks are only made while somebody watches.
/// </remarks>
internal static class BackwardMarks
{
    [ThreadStatic]
    private static Action<object, int>? t_watcher;

    /// <summary>Watches the passes of this thread until the result is disposed.</summary>
    /// <param name="passed">Called where a gradient leaves a layer, with the chain and the place of the layer.</param>
    public static IDisposable Watch(Action<object, int> passed)
    {
        t_watcher = passed;
        return new Watching();
    }

    /// <summary>A point before it enters a layer: itself, or where somebody watches an alias with a mark.</summary>
    public static Tensor Mark(Tensor point, object chain, int place) =>
        t_watcher is null || !point.requires_grad ? point : MarkFunction.At(point, new(t_watcher, chain, place));

    private sealed class Watching : IDisposable
    {
        public void Dispose() => t_watcher = null;
    }

    private sealed record Place(Action<object, int> Passed, object Chain, int Number);

    private sealed class MarkFunction : GradientFunction<MarkFunction, Place>
    {
        public static Tensor At(Tensor point, Place place) => Apply(place, point);

        protected override (Tensor Result, List<Tensor> Saved, Place Call) Map(Tensor[] tensors, Place call) =>
            (tensors[0].alias(), [], call);

        protected override Tensor?[] Gradients(Place call, List<Tensor> saved, Tensor given)
        {
            call.Passed(call.Chain, call.Number);
            return [given.alias()];
        }
    }
}
