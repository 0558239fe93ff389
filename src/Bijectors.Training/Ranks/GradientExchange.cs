using Bijectors.Distributed;
using Bijectors.Kernels;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Adds up the gradients of all ranks: in one piece behind the backward pass, or in several, each as soon as the layers
/// that it belongs to have theirs, while the pass continues.
/// </summary>
internal sealed class GradientExchange
{
    // A piece takes about as long as a layer of that many weights computes, and its start costs little then.
    private const long FewestBytes = 1 << 18;

    private readonly Communicator _ranks;
    private readonly Tensor _gradients;
    private readonly object? _chain;
    private readonly List<Piece> _pieces;
    private readonly List<PendingSum> _pending = [];

    /// <summary>The exchange of a run.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="flow">The flow whose layers are passed once by each loss, to overlap; null for one piece.</param>
    public GradientExchange(Communicator ranks, FlatParameters parameters, Flow? flow)
    {
        (_ranks, _gradients, _chain) = (ranks, parameters.Gradients, flow?.Transform);
        _pieces = flow is null ? [] : Pieces(parameters, flow);
    }

    /// <summary>Sends pieces during the backward passes until the result is disposed.</summary>
    public IDisposable? During() => _pieces.Count > 0 ? BackwardMarks.Watch(Passed) : null;

    /// <summary>Sends what is left, and waits for all of it.</summary>
    public void Finish()
    {
        if (_pieces.Count == 0)
        {
            RankTensors.Sum(_ranks, _gradients);
            return;
        }

        SendDownTo(int.MinValue);
        _pending.ForEach(sum => sum.Wait());
        _pending.Clear();
    }

    private void Passed(object chain, int place)
    {
        if (ReferenceEquals(chain, _chain))
        {
            _pending.ForEach(sum => sum.Advance());
            SendDownTo(place);
        }
    }

    // All ranks send the same pieces in the same order, since they have the same layers.
    private void SendDownTo(int place)
    {
        while (_pending.Count < _pieces.Count && _pieces[_pending.Count] is var piece && piece.Layer >= place)
        {
            using var part = _gradients.narrow(0, piece.Start, piece.Length);
            _pending.Add(_ranks.BeginSum(part.bytes, RankTensors.TypeOf(part)));
        }
    }

    /// <summary>The buffer in pieces, that of the last layers first.</summary>
    private static List<Piece> Pieces(FlatParameters parameters, Flow flow)
    {
        var layers = LayerOf(flow);
        var size = parameters.Gradients.element_size();
        var (pieces, start, end, first) =
            (new List<Piece>(), parameters.Gradients.numel(), parameters.Gradients.numel(), int.MaxValue);
        foreach (var (_, parameter, offset) in parameters.Places.Reverse())
        {
            var layer = layers.GetValueOrDefault(parameter.Handle, Piece.AtTheEnd);
            if (start < end && layer == Piece.AtTheEnd != (first == Piece.AtTheEnd))
            {
                Close();
            }

            (start, first) = (offset, Math.Min(first, layer));
            if (first != Piece.AtTheEnd && (end - start) * size >= FewestBytes)
            {
                Close();
            }
        }

        // The buffer begins with a little that belongs to no parameter.
        (start, first) = (0, first == int.MaxValue ? Piece.AtTheEnd : first);
        Close();
        return [.. pieces.OrderByDescending(piece => piece.Layer)];

        void Close()
        {
            pieces.Add(new(start, end - start, first));
            (end, first) = (start, int.MaxValue);
        }
    }

    /// <summary>The place of the layer that each parameter belongs to. One of several layers has its gradient at the
    /// end, and so has one of none.</summary>
    private static Dictionary<nint, int> LayerOf(Flow flow)
    {
        var layers = new Dictionary<nint, int>();
        for (var i = 0; i < flow.Layers.Count; i++)
        {
            foreach (var parameter in flow.Layers[i].parameters().DistinctBy(parameter => parameter.Handle))
            {
                layers[parameter.Handle] = layers.ContainsKey(parameter.Handle) ? Piece.AtTheEnd : i;
            }
        }

        return layers;
    }

    /// <summary>A part of the buffer.</summary>
    /// <param name="Start">Its first number.</param>
    /// <param name="Length">How many.</param>
    /// <param name="Layer">The first layer that it belongs to: passed, its gradient is there.</param>
    private readonly record struct Piece(long Start, long Length, int Layer)
    {
        public const int AtTheEnd = -1;
    }
}
