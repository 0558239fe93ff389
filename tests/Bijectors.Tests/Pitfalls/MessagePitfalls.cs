using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bijectors.Data;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>What a user reads: errors, the first example, conventions.</summary>
public sealed class MessagePitfalls : PitfallTest
{
    /// <summary>Errors of event dimensions that do not say where (pytorch#121220, tfp#1388).</summary>
    [Fact]
    public void ErrorsOfEventDimensionsSayWhere()
    {
        var chain = new Sinh() >> new PluLinear(4, Generator)
            >> new Reshape(Shape.Vector(4), Shape.Of(2, 2)) >> new PluLinear(3, Generator);
        Assert.Equal(
            "Chain[3] (PluLinear(3)): expected last dimension 3, got 2.",
            Assert.Throws<ShapeException>(() => chain.OutputShape(Shape.Vector(4))).Message);
        Assert.Equal(
            "Conv1x1(3): expected at least 3 dimensions, got 2.",
            Assert.Throws<ShapeException>(() => new Conv1x1(3, Generator).Forward(zeros(4, 4))).Message);
        Assert.Equal(
            "Softplus: expected an event rank from 0 to the 2 dimensions of the point, got 3.",
            Assert.Throws<ShapeException>(() => new Softplus().ForwardWithLogDet(zeros(4, 4), eventRank: 3)).Message);
        Assert.Equal(
            "PluLinear(4): expected an event rank from 1 to the 2 dimensions of the point, got 0.",
            Assert.Throws<ShapeException>(
                () => new PluLinear(4, Generator).ForwardWithLogDet(zeros(4, 4), eventRank: 0)).Message);
        Assert.Equal(
            "Flow[1] (Patchify(3)): expected an image (channels, height, width) with height and width "
            + "divisible by 3, got (1, 8, 8).",
            Assert.Throws<ShapeException>(() => Flow.On(Shape.Image(1, 8, 8)).ActNorm().Patchify(3)).Message);
    }

    /// <summary>
    /// Documentation whose first example fails (FrEIA#89): this is the first one of the README, to the letter.
    /// </summary>
    [Fact]
    public void TheFirstExampleRuns()
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "README.md"));
        var first = Folded(Regex.Match(readme, "```csharp\r?\n(.*?)```", RegexOptions.Singleline).Groups[1].Value);
        Assert.Contains(first, Folded(File.ReadAllText(ThisFile())), StringComparison.Ordinal);

        BijectorLaws.Check(() => new Squash());
        Assert.Equal((Domain.Real, Domain.Interval(-1, 1)), (new Squash().Domain, new Squash().Codomain));
    }

    /// <summary>... and so does the first flow.</summary>
    [Fact]
    public void TheFirstFlowRuns()
    {
        using var generator = new Generator(1);
        using var digits = Datasets.Digits();
        var flow = Flow.On(Shape.Image(channels: 1, height: 8, width: 8))
            .Dequantize(levels: 17).Logit(alpha: 0.05)
            .Patchify(2)
            .Repeat(8, layer => layer
                .Roll(1, 1)
                .ActNormElements()
                .Mix(Axis.Channels, m => m.Linear().AffineCoupling(hidden: 32))
                .Mix(Axis.Patches, m => m.Linear().AffineCoupling(hidden: 32)))
            .Into(Distribution.StandardNormal);
        using var test = flow.Dequantize(digits.Test, generator);
        using var bits = flow.BitsPerDimension(test);
        using var samples = flow.Sample(4, generator: generator);
        Assert.Equal([250], bits.shape);
        Assert.Equal([4, 1, 8, 8], samples.shape);
        Assert.True(AllFinite(bits) && AllFinite(samples));
    }

    /// <summary>
    /// Conventions differ between libraries and are found out by wrong results; ours are on one page, and tested.
    /// </summary>
    [Fact]
    public void ConventionsAreKept()
    {
        // Nats, the batch shape, the sum over the event.
        Assert.Equal(3 * Math.Log(2), new Scale(2)
            .ForwardWithLogDet(zeros(5, 3, ScalarType.Float64), eventRank: 1).LogDet[4].item<double>(), 1e-15);

        // Of an odd size the first half is the longer one; even places come first; a network gives
        // log-scales, then shifts.
        Assert.Equal((Shape.Vector(3), Shape.Vector(2)), Partition.Halves().Split(Shape.Vector(5)));
        Assert.Equal([0L, 2, 4], Partition.Alternating().Split(arange(5)).First.data<long>().ToArray());
        var net = new ResidualMlp(1, 4, 3, 1, Generator);
        var output = net.Evaluate(ones(1), null);
        var (logScale, shift) = net.ScaleAndShift(ones(1), null);
        Assert.True(cat([logScale, shift]).Equals(output));

        // Pixels of a square come after one another for each channel, as pixel_unshuffle has them.
        var image = arange(32).reshape(2, 4, 4).to(ScalarType.Float32);
        Assert.True(new Squeeze().Forward(image).Equals(nn.functional.pixel_unshuffle(image, 2)));

        // W acts on columns: y = W x + b.
        var linear = Moved(new PluLinear(3, Generator));
        var x = Normal(3);
        AssertClose(linear.Weight().mv(x) + linear.state_dict()["bias"], linear.Forward(x), 1e-14);
    }

    private static string Folded(string text) => Regex.Replace(text, @"\s+", " ").Trim();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

[GeneratedBijector]
public sealed partial class Squash : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => 2 * torch.sigmoid(3 * x + 1) - 1;
}
