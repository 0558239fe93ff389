using System.Text.Json.Nodes;

namespace Bijectors.Tests.Cli;

public sealed class DoctorTests : CommandLineTest
{
    [Fact]
    public void The_machine_is_described_and_what_is_right_is_counted()
    {
        var run = Line("doctor", "--quick", "mm", "operator +");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(
            ["processor", "instruction sets", "threads", "memory", "system", "versions", "devices", "variables"],
            fact => Assert.Contains($"{fact} ", run.Output));
        Assert.Contains("TorchSharp 0.107.0", run.Output);
        Assert.Matches("2 operations of torch, [0-9,]+ checks: all right\\.", run.Output);
    }

    [Fact]
    public void A_wrong_operation_has_a_line_and_the_exit_code_says_so()
    {
        var run = Line("doctor", "--quick", "exp", "log", "--break", "exp");
        Assert.Equal((1, "error: torch is wrong on this machine: exp.\n"), (run.ExitCode, run.Error));
        Assert.Matches("\nexp: value wrong in [0-9]+ of [0-9]+ checks; first: ", run.Output);
        Assert.Contains("What follows from exp:", run.Output);
        Assert.Contains("2 operations of torch", run.Output);
        Assert.Contains("NOT all right", run.Output);
    }

    [Fact]
    public void A_program_reads_one_object_of_json()
    {
        var run = Line("doctor", "--quick", "--json", "mm", "exp", "--break-gradient", "mm");
        Assert.Equal(1, run.ExitCode);
        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal(2, (int)report["operations"]!);
        Assert.Contains("bits", (string)report["machine"]!["instruction_sets"]!);
        var wrong = Assert.Single(report["wrong"]!.AsArray())!;
        Assert.Equal("mm", (string)wrong["operation"]!);
        Assert.Equal("gradient of argument 1, gradient of argument 2", (string)wrong["what"]!);
        Assert.InRange((int)wrong["wrong"]!, 1, (int)wrong["checks"]!);
    }

    [Fact]
    public void An_operation_that_there_is_not_is_named() =>
        Assert.Contains("got 'frobnicate'", Failure(1, "doctor", "frobnicate"));
}
