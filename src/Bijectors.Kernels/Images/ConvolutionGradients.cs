namespace Bijectors.Kernels;

/// <summary>Takes gradients of images back through the layers.</summary>
/// <param name="layers">The layers.</param>
/// <param name="frames">How the input of each lies.</param>
/// <param name="starts">Where it begins in what forward kept of an image.</param>
/// <param name="panels">The filters of the gradients.</param>
/// <param name="panelStarts">Where those of each layer begin.</param>
/// <param name="given">The gradient of the result.</param>
/// <param name="ofImages">Takes the gradient of the images; nowhere where it is not asked for.</param>
internal sealed unsafe class ConvolutionGradients<T>(
    Filters<T>[] layers, Frame[] frames, long[] starts, Scratch<T> panels, long[] panelStarts, ImageView<T> given,
    ImageView<T> ofImages)
    where T : unmanaged
{
    // The gradient of what a layer gives, framed as its filters need it.
    private readonly Frame[] _ofResults =
        [.. frames.Select((frame, i) => new Frame(frame.Height, frame.Width, layers[i].Outputs, frame.Margin))];

    private readonly Frame _ofImage = new(frames[0].Height, frames[0].Width, frames[0].Channels, 0);

    /// <summary>Takes some images back.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The first that is not among them.</param>
    /// <param name="inputs">What forward kept.</param>
    /// <param name="kept">How many numbers that are of each image.</param>
    /// <param name="sums">Take the gradients of the filters and biases; null for none.</param>
    /// <param name="sum">Which of them.</param>
    public void Run(long first, long end, T* inputs, long kept, FilterSums<T>? sums, int sum)
    {
                // Gradients of the results of all layers, then that of the image, then what products need besides.
        using var scratch =
            new Scratch<T>(_ofResults.Sum(frame => frame.Size) + _ofImage.Size + ImageProduct.ScratchSize<T>(_ofImage));
        var gradients = new nint[layers.Length];
        var free = scratch.Start;
        for (var i = 0; i < layers.Length; i++)
        {
            gradients[i] = (nint)free;
            _ofResults[i].Surround(free);
            free += _ofResults[i].Size;
        }

        for (var image = first; image < end; image++)
        {
            var input = inputs + (image * kept);
            _ofResults[^1].Load(given, image, (T*)gradients[^1]);
            for (var i = layers.Length - 1; i >= 0; i--)
            {
                var gradient = (T*)gradients[i];
                if (sums is not null)
                {
                    ImageProduct.Correlate(input + starts[i], frames[i], gradient, _ofResults[i],
                        sums.OfFilters(sum, i), free + _ofImage.Size);
                    AddPixels(gradient, _ofResults[i], sums.OfBiases(sum, i));
                }

                if (i > 0)
                {
                    ImageProduct.Convolve(
                        gradient, _ofResults[i], panels.Start + panelStarts[i],
                        new ConvolutionResult<T>(gradients[i - 1], _ofResults[i - 1], active: (nint)(input + starts[i]),
                            activeFrame: frames[i]));
                }
                else if (ofImages.Start != 0)
                {
                    ImageProduct.Convolve(gradient, _ofResults[i], panels.Start + panelStarts[i],
                        new ConvolutionResult<T>((nint)free, _ofImage));
                    _ofImage.Store(free, ofImages, image);
                }
            }
        }
    }

    private static void AddPixels(T* image, Frame frame, T* sum)
    {
        for (var y = 0; y < frame.Height; y++)
        {
            Rowwise.AddSum(new Matrix<T>(image + frame.At(y, 0), frame.Channels), sum, frame.Width, frame.Channels);
        }
    }
}
