// A program of one file: trains a spline flow on two moons and draws its density.
//
//     dotnet run moons.cs [picture.png [steps]]
//
// These lines name the projects of a clone; outside one, put packages in their place: #:package Bijectors@0.1.0.
#:project ../../src/Bijectors
#:project ../../src/Bijectors.Data
#:project ../../src/Bijectors.Training
using System.Globalization;
using Bijectors;
using Bijectors.Data;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

var path = args.ElementAtOrDefault(0) ?? "moons.png";
var steps = int.Parse(args.ElementAtOrDefault(1) ?? "1500", CultureInfo.InvariantCulture);

using var moons = Datasets.Toy("moons");
using var flow = Flow.On(Shape.Vector(2), seed: 1)
    .Repeat(4, layer => layer
        .Linear()
        .Coupling(Transformer.RationalQuadratic(bins: 8), hidden: 32))
    .Into(Distribution.StandardNormal);

var result = Trainer.Train(
    flow, new TrainingData(moons.Train, moons.Validation),
    new TrainingOptions { Steps = steps, BatchSize = 256, LearningRate = 5e-3 }, TrainingProgress.Lines());
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"validation: {result.BestValidationLoss:f3} nats after {result.BestStep} steps"));

const int width = 240, height = 160;
using var quiet = no_grad();
using var scope = NewDisposeScope();
var (x, y) = (linspace(-1.7, 2.8, width), linspace(1.75, -1.25, height));
var points = stack([x.repeat(height), y.repeat_interleave(width)], 1);      // row after row
var density = flow.LogProb(points).exp().reshape(1, 1, height, width);
var white = ones(1, 3, 1, 1);
var blue = tensor(new[] { 0.1f, 0.33f, 0.59f }).reshape(1, 3, 1, 1);
PngImage.WriteGrid(path, lerp(white, blue, density / density.max()), columns: 1, scale: 2, gap: 0);
Console.WriteLine($"the density is drawn in {path}");
