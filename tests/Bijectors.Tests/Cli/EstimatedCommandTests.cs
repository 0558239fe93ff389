using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

/// <summary>What the command line says of a model that estimates its log-density.</summary>
public sealed class EstimatedCommandTests : CommandLineTest
{
    [Fact]
    public void Scores_are_means_with_a_standard_error()
    {
        var run = Line("score", Model(), "--data", TinyVectors(), "--out", At("scores.npy"), "--draws", "20");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"estimates,\s+means\s+of\s+20,\s+with\s+standard\s+errors\s+of\s+up\s+to\s+0\.\d+", run.Output);
    }

    [Fact]
    public void A_check_holds_the_means_to_the_Jacobian()
    {
        var run = Line("check", Model());
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("estimated: means of 100 draws", run.Output);
    }

    [Fact]
    public void A_description_says_which_layer_estimates() =>
        Assert.Contains("log-det estimated", Line("describe", Model()).Output);

    private string Model()
    {
        using var generator = new Generator(1);
        using var noise = new Generator(2);
        using var flow = new Flow(
            Shape.Vector(3),
            new ResidualLayer(new LipschitzMlp(3, 6, 1, generator), new LogDetEstimator(noise)),
            Distribution.StandardNormal);
        var path = At("model.safetensors");
        new SavedModel(flow).Save(path);
        return path;
    }
}
