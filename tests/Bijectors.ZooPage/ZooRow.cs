using System.Globalization;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.ZooPage;

/// <summary>What the page says of a model.</summary>
/// <param name="Model">The kind of model.</param>
/// <param name="Parameters">How many parameters it has on the plane; null where it takes images only.</param>
/// <param name="Excess">By how many nats its test loss lies above that of the true density.</param>
/// <param name="ConditionalExcess">The same where it is told which moon a point is of.</param>
/// <param name="SamplingPasses">How many times as long drawing samples takes as scoring as many.</param>
/// <param name="Density">Its density on the grid of the picture, as PNG.</param>
internal sealed record ZooRow(
    Model Model, long? Parameters, double? Excess, double? ConditionalExcess, double? SamplingPasses, byte[]? Density)
{
    public const int Steps = 1_500;
    public const int BatchSize = 256;
    private const int TimedItems = 1_000;
    private const int BoundSamples = 100;

    /// <summary>Trains a model, without a context and with one, and measures it.</summary>
    public static ZooRow Of(Model model)
    {
        if (Fitting(model) is not var (shape, options))
        {
            return new(model, null, null, null, null, null);
        }

        using var scope = NewDisposeScope();
        using var flow = model.Create(shape, options);
        var excess = Trained(flow, model, null);
        using var conditional = model.Create(shape, options, context: Shape.Vector(1));
        return new(
            model, flow.ParameterCount, excess, Trained(conditional, model, Shape.Vector(1)), Passes(flow),
            DensityPicture.Of(points => DensityAt(flow, points.reshape([-1, .. shape.ToArray()]))));
    }

    public override string ToString() => Parameters is null
        ? $"{Model.Title}: images only"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Model.Title}: {Parameters} parameters, {Excess:F3} nats above the truth, told the moon "
            + $"{ConditionalExcess:F3}; samples take {SamplingPasses:F1} passes");

    /// <summary>The plane as a vector, or where a model takes images, as one of two pixels.</summary>
    private static (Shape Shape, object Options)? Fitting(Model model)
    {
        foreach (var shape in new[] { Shape.Vector(2), Shape.Image(1, 1, 2) })
        {
            try
            {
                var options = model.DefaultsFor(shape);
                using var flow = model.Create(shape, options);
                return (shape, options);
            }
            catch (ShapeException)
            {
            }
        }

        return null;
    }

    /// <summary>The log-density, or a bound that comes close to it.</summary>
    private static Tensor DensityAt(Flow flow, Tensor points)
    {
        using var generator = new Generator(0);
        return flow.LowerBound(points, samples: BoundSamples, generator: generator);
    }

    private static double Trained(Flow flow, Model model, Shape? context)
    {
        using var scope = NewDisposeScope();
        var data = TwoMoons.Data;
        Trainer.Train(
            flow,
            new TrainingData(
                Items(data.Train), Items(data.Validation), Context(data.TrainLabels), Context(data.ValidationLabels)),
            new TrainingOptions
            {
                Steps = Steps,
                BatchSize = BatchSize,
                LearningRate = model.LearningRateFor(flow.EventShape),
                Validations = 10,
            });
        var losses = Evaluation.Losses(flow, Items(data.Test), Context(data.TestLabels));
        var truth = TwoMoons.LogProb(data.Test, context is null ? null : data.TestLabels);
        return (losses + truth).mean().item<double>();

        Tensor Items(Tensor points) => points.reshape([-1, .. flow.EventShape.ToArray()]);

        Tensor? Context(Tensor? labels) => context is null ? null : labels!.to(ScalarType.Float32).unsqueeze(1);
    }

    private static double Passes(Flow flow)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var samples = flow.Sample(TimedItems, generator: generator);
        var ratios = Enumerable.Range(0, 9).Select(_ => Seconds(() => flow.Sample(TimedItems, generator: generator))
            / Seconds(() => flow.LowerBound(samples, generator: generator))).Order().ToList();
        return ratios[ratios.Count / 2];
    }

    private static double Seconds(Func<Tensor> act)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        act().Dispose();
        return clock.Elapsed.TotalSeconds;
    }
}
