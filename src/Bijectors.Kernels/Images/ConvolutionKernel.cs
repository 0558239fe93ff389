using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Convolutions one after another, relu between them, in plain memory: each image goes through all of them while it
/// is in the cache.
/// </summary>
internal sealed unsafe class ConvolutionKernel<T> : IDisposable
    where T : unmanaged
{
    // Gradients of the filters are sums over images. They are made of as many partial sums, of the same images,
    // whatever the number of threads: the same bits.
    private const int MostSums = 8;

    private readonly TensorMemory _memory = new();
    private readonly Filters<T>[] _layers;
    private readonly nint[] _biases;
    private readonly ImageView<T> _images;
    private readonly long _count;
    private readonly Frame[] _frames;
    private readonly long[] _starts;

    /// <param name="tensors">The images <c>(N, channels, height, width)</c>, then weight and bias of
    /// every layer.</param>
    public ConvolutionKernel(IReadOnlyList<Tensor> tensors)
    {
        var shape = tensors[0].shape;
        _count = shape[0];
        _images = _memory.Images<T>(tensors[0]);
        _layers = new Filters<T>[tensors.Count / 2];
        _biases = new nint[_layers.Length];
        _frames = new Frame[_layers.Length];
        _starts = new long[_layers.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            var weight = tensors[(2 * i) + 1];
            _layers[i] =
                new(_memory.OfContiguous(weight), (int)weight.size(0), (int)weight.size(1), (int)weight.size(2));
            _biases[i] = _memory.OfContiguous(tensors[(2 * i) + 2]);
            _frames[i] = new((int)shape[2], (int)shape[3], _layers[i].Inputs, _layers[i].Size / 2);
            _starts[i] = KeptSize;
            KeptSize += _frames[i].Size;
        }
    }

    /// <summary>How many numbers of each image <see cref="Map"/> keeps: the inputs of all layers.</summary>
    public long KeptSize { get; }

    private int Last => _layers.Length - 1;

    /// <summary>Maps the images.</summary>
    /// <param name="result">Takes <c>(N, outputs, height, width)</c>.</param>
    /// <param name="kept">Takes what backward needs; null where there is no backward.</param>
    public void Map(Tensor result, Tensor? kept)
    {
        using var panels =
            Pack(filters => filters.ForwardSize, (filters, to) => filters.PackForward((T*)to), out var starts);
        var (to, frame) =
            (_memory.Images<T>(result), new Frame(_frames[0].Height, _frames[0].Width, _layers[Last].Outputs, 0));
        var memory = (T*)_memory.Of(kept);
        Workers.Each(_count, image =>
        {
            using var scratch = new Scratch<T>(frame.Size + (memory == null ? KeptSize : 0));
            var inputs = memory == null ? scratch.Start + frame.Size : memory + (image * KeptSize);
            _frames[0].Surround(inputs);
            _frames[0].Load(_images, image, inputs);
            for (var i = 0; i < _layers.Length; i++)
            {
                var end = i == Last ? scratch.Start : inputs + _starts[i + 1];
                if (i < Last)
                {
                    _frames[i + 1].Surround(end);
                }

                ImageProduct.Convolve(
                    inputs + _starts[i], _frames[i], panels.Start + starts[i], new ConvolutionResult<T>(
                        (nint)end, i == Last ? frame : _frames[i + 1], _biases[i], isRelu: i < Last));
            }

            frame.Store(scratch.Start, to, image);
        });
    }

    /// <summary>Computes gradients.</summary>
    /// <param name="given">The gradient of the result.</param>
    /// <param name="kept">What <see cref="Map"/> kept.</param>
    /// <param name="ofImages">Takes the gradient of the images; null where it is not asked for.</param>
    /// <param name="ofParameters">Take the gradients of weight and bias of every layer; null where they are not
    /// asked for.</param>
    public void Gradients(Tensor given, Tensor kept, Tensor? ofImages, Tensor[]? ofParameters)
    {
        using var panels =
            Pack(filters => filters.BackwardSize, (filters, to) => filters.PackBackward((T*)to), out var starts);
        var count = (int)Math.Min(MostSums, Math.Max(1, _count));
        using var sums = ofParameters is null ? null : new FilterSums<T>(_layers, count);
        var pass = new ConvolutionGradients<T>(
            _layers, _frames, _starts, panels, starts, _memory.Images<T>(given), _memory.Images<T>(ofImages));
        var inputs = (T*)_memory.Of(kept);
        Workers.Each(count, sum =>
        {
            sums?.Begin((int)sum);
            pass.Run(sum * _count / count, (sum + 1) * _count / count, inputs, KeptSize, sums, (int)sum);
        });
        if (ofParameters is not null)
        {
            nint[] to = [.. ofParameters.Select(_memory.Of)];
            Workers.Each(_layers.Length, i => sums!.Add((int)i, (T*)to[2 * i], (T*)to[(2 * i) + 1]));
        }
    }

    /// <summary>Disposes copies.</summary>
    public void Dispose() => _memory.Dispose();

    private Scratch<T> Pack(Func<Filters<T>, long> size, Action<Filters<T>, nint> pack, out long[] starts)
    {
        var at = starts = new long[_layers.Length];
        var total = 0L;
        for (var i = 0; i < _layers.Length; i++)
        {
            at[i] = total;
            total += size(_layers[i]);
        }

        var panels = new Scratch<T>(total);
        Workers.Each(_layers.Length, i => pack(_layers[i], (nint)(panels.Start + at[i])), total);
        return panels;
    }
}
