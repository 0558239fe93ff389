// Declares a MixerFlow, trains it on the digits for a few seconds, and asks it for densities and samples.
using Bijectors;
using Bijectors.Data;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

using var digits = Datasets.Digits();

var flow = Flow.On(Shape.Image(channels: 1, height: 8, width: 8))
    .Dequantize(levels: 17).Logit(alpha: 0.05)
    .Patchify(2)                                                        // (16 patches, 4 channels)
    .Repeat(8, layer => layer
        .Roll(1, 1)                                                     // patches overlap the old borders
        .ActNormElements()
        .Mix(Axis.Channels, m => m.Linear().AffineCoupling(hidden: 32)) // one flow, shared by all patches
        .Mix(Axis.Patches, m => m.Linear().AffineCoupling(hidden: 32))) // one flow, shared by all channels
    .Into(Distribution.StandardNormal);
Console.WriteLine(flow.Describe());

var result = Trainer.Train(
    flow, new TrainingData(digits.Train, digits.Validation), new TrainingOptions { Seconds = 10, LearningRate = 3e-3 });
Console.WriteLine($"{result.Steps} steps, best validation {result.BestValidationLoss:f3} bits/dim");

using var generator = new Generator(1);
using var test = flow.Dequantize(digits.Test, generator);
using var bits = flow.BitsPerDimension(test);                           // (250), bits per dimension
using var samples = flow.Sample(4, generator: generator);               // (4, 1, 8, 8)
using var pixels = flow.Quantize(samples);                              // whole numbers 0..16
Console.WriteLine($"test: {bits.mean().item<float>():f3} bits/dim; four samples of shape {Shape.Of(pixels.shape)}");
