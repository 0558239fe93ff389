using System.Text.Json.Nodes;
using Bijectors.Cli;
using Bijectors.Zoo;
using TorchSharp;

namespace Bijectors.Tests.Cli;

public sealed class BenchTests : CommandLineTest
{
    [Fact]
    public void Times_go_to_a_table_or_to_lines_of_json()
    {
        var threads = torch.get_num_threads();
        try
        {
            var table = Line("bench", "realnvp-d2", "--seconds", "0.01", "--threads", "1");
            Assert.Equal((0, ""), (table.ExitCode, table.Error));
            Assert.Contains("135,184", table.Output);
            Assert.Contains("1 threads", table.Output);

            var lines = Line("bench", "realnvp-d2", "maf-d64", "--seconds", "0.01", "--threads", "1", "--json").Output.TrimEnd().Split('\n');
            Assert.Equal(["realnvp-d2", "maf-d64"], lines.Select(line => (string?)JsonNode.Parse(line)!["case"]));
            var maf = JsonNode.Parse(lines[1])!.AsObject();
            Assert.Equal((454_400, 256, 64), ((int)maf["parameters"]!, (int)maf["batch"]!, (int)maf["samples"]!));
            Assert.All(["train_step_s", "density_s", "sample_s"], key => Assert.InRange((double)maf[key]!, 1e-5, 60));
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void A_case_that_there_is_not_is_named() =>
        Assert.Contains("expected a case (realnvp-d2, realnvp-d64,", Failure(1, "bench", "resnet-d2"));

    [Theory]
    [InlineData("realnvp-d2", 135_184)]
    [InlineData("realnvp-d64", 628_224)]
    [InlineData("nsf-d64", 826_080)]
    [InlineData("maf-d64", 454_400)]
    [InlineData("maf-d784", 4_513_856)]
    public void Cases_stay_as_large_as_they_are(string name, long parameters)
    {
        using var flow = BenchCases.Named(name).Create();
        Assert.Equal(parameters, flow.ParameterCount);
    }

    [Fact]
    public void Matrix_work_counts_each_weight_once_for_every_row_or_pixel_it_meets()
    {
        using var vectors = Flow.On(Shape.Vector(6)).Linear().AffineCoupling(5, blocks: 1).Into(Base.StandardNormal);
        Assert.Equal(2 * ((6 * 6) + (3 * 5) + (5 * 5) + (5 * 5) + (5 * 6)), MatrixWork.PerItem(vectors));

        using var mixed = Flow.On(Shape.Of(4, 3)).Mix(Axis.Patches, patches => patches.Linear()).Into(Base.StandardNormal);
        Assert.Equal(2 * 3 * (4 * 4), MatrixWork.PerItem(mixed));

        using var image = Flow.On(Shape.Image(2, 4, 4)).Conv1x1().GlowCoupling(5)
            .FactorOut(rest => rest.Squeeze().Conv1x1(), hidden: 0).Into(Base.StandardNormal);
        var network = (9 * 1 * 5) + (5 * 5) + (9 * 5 * 2);
        Assert.Equal((2 * 16 * ((2 * 2) + network)) + (2 * 4 * (4 * 4)), MatrixWork.PerItem(image));
    }
}
