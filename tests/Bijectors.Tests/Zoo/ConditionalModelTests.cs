using Bijectors.Tests.Numerical;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>
/// Each model learns what a context tells: images <c>x = A c + noise</c> of two numbers c. Without c nothing can do
/// better than the density of x alone, a normal one that is known; under c the data are four nats denser.
/// </summary>
public sealed class ConditionalModelTests : NumericalTest
{
    private const long Features = 16;
    private const double Noise = 0.5;

    // Nats; the mean over the test items is known to a tenth of that.
    private const double Margin = 1;

    private static readonly Shape s_image = Shape.Image(1, 4, 4);
    private readonly Tensor _mixing;

    public ConditionalModelTests() => _mixing = Random(Features, 2).to(ScalarType.Float32);

    public static TheoryData<string> ModelNames => [.. Models.Names];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Under_a_context_a_model_is_denser_than_anything_without_it(string name)
    {
        var (x, c) = Draw(400);
        using var flow = Models.Named(name).Create(s_image, context: Shape.Vector(2));
        var (best, logProb) = (OfBestWithoutContext(x), double.NegativeInfinity);

        // Some learn faster than others; what ignores the context could go on for ever.
        for (var round = 0; round < 6 && !(logProb > best + Margin); round++)
        {
            Train(flow, steps: 100, isConditional: true);
            using var during = no_grad();
            logProb = flow.LowerBound(x, c, generator: Generator).mean().ToDouble();
        }

        Assert.True(
            logProb > best + Margin,
            $"{logProb:0.00} nats, where no density without the context has more than {best:0.00}.");
        using var ungraded = no_grad();

        // There, back, and samples where the context says: at another one they would be twice as far off.
        var back = flow.Decode(flow.Encode(x, c).Z, c);
        Assert.InRange((back - x).abs().max().ToDouble(), 0, 1e-2);
        var samples = flow.Sample(400, context: c, generator: Generator);
        var around = samples.reshape(-1, Features) - c.mm(_mixing.mT);
        Assert.InRange(around.square().mean().ToDouble(), 0, 8 * Noise * Noise);
    }

    [Fact]
    public void A_model_that_ignores_the_context_does_not_pass()
    {
        var (x, _) = Draw(400);
        using var flow = Models.Named("maf").Create(s_image);
        Train(flow, steps: 300, isConditional: false);
        using var ungraded = no_grad();
        Assert.InRange(
            flow.LogProb(x).mean().ToDouble() - OfBestWithoutContext(x), -2 * Margin, Margin / 4);
    }

    private void Train(Flow flow, int steps, bool isConditional)
    {
        var (x, c) = Draw(2000);
        Trainer.Train(
            flow, new TrainingData(x, TrainContext: isConditional ? c : null),
            new TrainingOptions { Steps = steps, BatchSize = 64, LearningRate = 1e-2, WarmupSteps = 10 });
    }

    private (Tensor X, Tensor Context) Draw(long count)
    {
        var c = randn([count, 2], generator: Generator);
        var x = c.mm(_mixing.mT) + (Noise * randn([count, Features], generator: Generator));
        return (x.reshape([count, .. s_image.ToArray()]), c);
    }

    /// <summary>The mean log-density under the distribution of x alone, in nats.</summary>
    private double OfBestWithoutContext(Tensor x)
    {
        var (items, mixing) = (x.reshape(-1, Features).to(ScalarType.Float64), _mixing.to(ScalarType.Float64));
        var covariance = mixing.mm(mixing.mT) + (Noise * Noise * eye(Features, dtype: ScalarType.Float64));
        var squares = (items.mm(linalg.inv(covariance)) * items).sum(-1).mean().item<double>();
        var (_, logDet) = linalg.slogdet(covariance);
        return -(squares + logDet.item<double>() + (Features * Math.Log(2 * Math.PI))) / 2;
    }
}
