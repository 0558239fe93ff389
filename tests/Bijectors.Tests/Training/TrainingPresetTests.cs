using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class TrainingPresetTests
{
    private static readonly Shape Digit = Shape.Image(1, 8, 8);

    [Fact]
    public void A_preset_leaves_all_other_options()
    {
        var options = new TrainingOptions { Epochs = 3, BatchSize = 7, EmaDecay = 0.9, ClipNorm = null };
        foreach (var preset in TrainingPreset.All)
        {
            Assert.Same(preset, TrainingPreset.Named(preset.Name.ToUpperInvariant()));
            Assert.Equal(
                options with { LearningRate = preset.LearningRate, Schedule = preset.Schedule }, preset.Apply(options));
        }

        Assert.Contains(
            "expected one of image, vi, got 'audio'",
            Assert.Throws<ArgumentException>(() => TrainingPreset.Named("audio")).Message);
    }

    [Fact]
    public void Variational_inference_comes_nearer_with_its_preset()
    {
        var options = TrainingPreset.VariationalInference.Apply(new() { Steps = 150 });
        Assert.InRange(Divergence(options), 0, 0.5 * Divergence(new() { Steps = 150 }));
    }

    [Fact]
    public void Images_are_fitted_better_with_their_preset()
    {
        using var scope = NewDisposeScope();
        using var digits = Datasets.Digits();
        var data = new TrainingData(digits.Train, digits.Validation);
        var options = new TrainingOptions { Steps = 60, LearningRate = Models.Named("realnvp").LearningRateFor(Digit) };
        using var plain = Create();
        var before = Trainer.Train(plain, data, options).BestValidationLoss;
        using var flow = Create();
        Trainer.Train(flow, data, TrainingPreset.Image.Apply(new() { Steps = 60 }));
        Assert.True(Evaluation.Likelihood(flow, digits.Validation).BitsPerDimension < before - 0.02);

        Flow Create() => RealNvp.Create(Digit, new RealNvpOptions { Hidden = 8 }, levels: digits.Levels);
    }

    private static double Divergence(TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var flow = Iaf.Create(Shape.Vector(2));
        var divergence = new ReverseKl(flow, LogBanana, samples: 256);
        Trainer.Train(divergence, BatchSource.Empty(), options);
        return divergence.Validate(seed: 9)!.Value;
    }

    private static Tensor LogBanana(Tensor x)
    {
        var (first, second) = (x[.., 0], x[.., 1]);
        return -0.5 * (first.square() + ((second - first.square()) / 0.3).square()) - Math.Log(2 * Math.PI * 0.3);
    }
}
