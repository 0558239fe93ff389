using Bijectors.Tests.Numerical;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

public sealed class FlowPlusPlusTests : NumericalTest
{
    private const int Levels = 5;
    private static readonly Shape s_image = Shape.Image(1, 8, 8);
    private static readonly FlowPlusPlusOptions s_small = new() { Couplings = 2, Hidden = 4, Components = 2 };

    [Fact]
    public void Couplings_are_those_of_the_paper()
    {
        using var flow = FlowPlusPlus.Create(s_image, new() { Hidden = 4 });
        var squeezed = flow.Describe().IndexOf("Squeeze", StringComparison.Ordinal);
        var (before, behind) = (flow.Describe()[..squeezed], flow.Describe()[squeezed..]);
        Assert.Equal((4, 0), (Count(before, "Checkerboard"), Count(before, "Halves")));
        Assert.Equal((3, 2), (Count(behind, "Checkerboard"), Count(behind, "Halves")));

        static int Count(string text, string word) => text.Split(word).Length - 1;
    }

    [Fact]
    public void It_goes_back()
    {
        using var ungraded = no_grad();
        using var flow = FlowPlusPlus.Create(s_image, new() { Hidden = 4, MarginalBins = 3 }, Levels);
        flow.to(ScalarType.Float64);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.05 * Random(parameter.shape));
        }

        var x = Levels * rand([10, 1, 8, 8], ScalarType.Float64, generator: Generator);
        AssertClose(x, flow.Decode(flow.Encode(x).Z), 1e-9);
    }

    [Fact]
    public void With_trained_noise_there_is_a_bound_that_trains_it()
    {
        using var flow = FlowPlusPlus.Create(s_image, s_small with { Variational = true }, Levels, seed: 1);
        Assert.False(flow.HasExactLogProb);
        var x = randint(0, Levels, [6, 1, 8, 8], generator: Generator).to(ScalarType.Float32);
        var bound = flow.LowerBound(x, generator: Generator);
        Assert.True((bound < 0).all().item<bool>());
        BackwardPass.Run(bound.mean());
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
        var sample = flow.Sample(20, generator: Generator);
        Assert.True(((sample == sample.floor()) & (sample >= 0) & (sample < Levels)).all().item<bool>());
    }
}
