using System.Text.Json.Nodes;
using Bijectors.Cli;
using Bijectors.Zoo;
using TorchSharp;

namespace Bijectors.Tests.Cli;

public sealed class BenchTests : CommandLineTest
{
    [Fact]
    public void Times_go_to_a_table_or_to_json()
    {
        var threads = torch.get_num_threads();
        try
        {
            var table = Line("bench", "realnvp-d2", "--seconds", "0.01", "--threads", "1");
            Assert.Equal((0, ""), (table.ExitCode, table.Error));
            Assert.Contains("135,184", table.Output);
            Assert.Contains("1 threads", table.Output);

            var json = JsonNode.Parse(
                Line("bench", "realnvp-d2", "maf-d64", "--seconds", "0.01", "--threads", "1", "--json").Output)!;
            Assert.InRange((double)json["matrix_peak_flops_per_s"]!, 1, 1e18);
            var cases = json["cases"]!.AsArray();
            Assert.Equal(["realnvp-d2", "maf-d64"], cases.Select(row => (string?)row!["case"]));
            var maf = cases[1]!.AsObject();
            Assert.Equal((454_400, 256, 64), ((int)maf["parameters"]!, (int)maf["batch"]!, (int)maf["samples"]!));
            Assert.All(["train_step_s", "density_s", "sample_s"], key => Assert.InRange((double)maf[key]!, 1e-5, 60));
            Assert.Equal(8, maf.Count);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void Times_in_plain_operations_of_torch_stand_beside_ours_on_demand()
    {
        var threads = torch.get_num_threads();
        try
        {
            string[] line = ["bench", "realnvp-d2", "--against", "eager", "--seconds", "0.01", "--threads", "1"];
            var table = Line(line);
            Assert.Equal((0, ""), (table.ExitCode, table.Error));
            Assert.Matches("realnvp-d2 .* train step .* ms .* ms .*[0-9]", table.Output);
            Assert.Contains("Ours / eager", table.Output);

            var json = JsonNode.Parse(Line([.. line, "--json"]).Output)!["cases"]![0]!;
            Assert.All(["train_step", "density", "sample"], name =>
            {
                Assert.InRange((double)json[$"{name}_s"]!, 1e-5, 60);
                Assert.InRange((double)json[$"{name}_eager_s"]!, 1e-5, 60);
                Assert.InRange((double)json[$"{name}_ratio"]!, 1e-6, 1e6);
            });
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void What_times_may_be_taken_against_is_named()
    {
        Assert.Contains("--against: expected eager, got 'nflows'; see bijectors bench --help.",
            Failure(2, "bench", "--against", "nflows"));
        Assert.Contains("--against eager runs each case also", Line("bench", "--help").Output);
    }

    [Fact]
    public void Two_ways_are_taken_in_turn_and_at_least_three_times()
    {
        var calls = new List<string>();
        Stopwatches.Medians(() => calls.Add("ours"), () => calls.Add("eager"), 1e-9);
        Assert.InRange(calls.Count, 8, int.MaxValue);
        Assert.Equal(calls.Select((_, i) => i % 2 == 0 ? "ours" : "eager"), calls);
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
        using var vectors =
            Flow.On(Shape.Vector(6)).Linear().AffineCoupling(5, blocks: 1).Into(Distribution.StandardNormal);
        Assert.Equal(2 * ((6 * 6) + (3 * 5) + (5 * 5) + (5 * 5) + (5 * 6)), vectors.MatrixOperations);

        using var mixed =
            Flow.On(Shape.Of(4, 3)).Mix(Axis.Patches, patches => patches.Linear()).Into(Distribution.StandardNormal);
        Assert.Equal(2 * 3 * (4 * 4), mixed.MatrixOperations);

        using var image = Flow.On(Shape.Image(2, 4, 4)).Conv1x1().GlowCoupling(5)
            .FactorOut(rest => rest.Squeeze().Conv1x1(), hidden: 0).Into(Distribution.StandardNormal);
        var network = (9 * 1 * 5) + (5 * 5) + (9 * 5 * 2);
        Assert.Equal((2 * 16 * ((2 * 2) + network)) + (2 * 4 * (4 * 4)), image.MatrixOperations);
    }
}
