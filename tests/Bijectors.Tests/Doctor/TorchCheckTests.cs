using Bijectors.Testing;
using Bijectors.Testing.Doctor;
using TorchSharp;

namespace Bijectors.Tests.Doctor;

public class TorchCheckTests
{
    // Wrong on some processors, which is why no layer of ours uses it; that it is seen there is for who runs the
    // command.
    private const string NotOurs = "nn.functional.conv2d";

    // One of each kind: all would take long where others keep the cores busy.
    private static readonly string[] s_divided =
        ["mm", "nn.functional.linear", "exp", "operator +", "add_", "sum", "cumsum", "softmax",
            "sort", "gather", "cat"];

    private static readonly TorchCheckOptions s_little = new() { Threads = [1], Repeats = 1, MostCases = 2 };

    [Fact]
    public void Each_operation_that_we_use_is_right_on_this_machine()
    {
        var report = TorchCheck.Run(TorchCheckOptions.Quick with { Threads = [1] });
        Assert.Empty(Ours(report));
        Assert.Equal(TorchCheck.Operations.Count, report.Operations);
    }

    [Fact]
    public void What_is_divided_among_threads_is_right_with_several_of_them()
    {
        var before = torch.get_num_threads();
        var options = new TorchCheckOptions { Threads = [1, 2, 3], Repeats = 1, Operations = s_divided };
        Assert.Empty(TorchCheck.Run(options).Wrong);
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Whatever_is_wrong_by_a_thousandth_in_one_place_is_seen()
    {
        foreach (var operation in Operations.All)
        {
            var name = operation.Name;
            var tally = operation.Check(s_little with { SpoiltValue = name, SpoiltGradient = name });
            var wrong = tally.Wrong.Select(one => one.What).ToList();
            var missed = operation is TabledOperation ? tally.Compared.Except(wrong) : wrong.Count > 0 ? [] : ["value"];
            Assert.True(!missed.Any(), $"{operation.Title}: expected {string.Join(", ", missed)} to be wrong.");
        }
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("add_")]
    [InlineData("randn")]
    public void A_wrong_value_is_reported_of_that_operation_alone(string name)
    {
        var wrong = Ours(TorchCheck.Run(s_little with { MostCases = 1, SpoiltValue = name }));
        Assert.All(wrong, one => Assert.Equal(name, one.Operation.Split(" (")[0]));
        Assert.Contains("value", wrong[0].What.Replace("numbers of the same seed", "value"));
        Assert.Contains("Densities, samples and gradients", wrong[0].Consequence);
    }

    [Fact]
    public void A_wrong_gradient_is_reported_with_an_example_and_with_what_follows()
    {
        var wrong = Assert.Single(Ours(TorchCheck.Run(s_little with { MostCases = 1, SpoiltGradient = "mm" })));
        Assert.Equal(("mm", "gradient of argument 1, gradient of argument 2"), (wrong.Operation, wrong.What));
        Assert.Contains("(1, 1) (1, 1) contiguous, float32, threads: 1: expected ", wrong.Example);
        Assert.StartsWith("Its values are right", wrong.Consequence);
    }

    [Fact]
    public void A_wrong_convolution_is_no_matter_of_our_layers_and_its_cure_is_named()
    {
        var report = TorchCheck.Run(s_little with { Operations = [NotOurs], SpoiltGradient = NotOurs });
        Assert.Equal(["1", "3", "5"], report.Wrong.Select(wrong => wrong.Operation.Split("kernel ")[1].TrimEnd(')')));
        Assert.All(report.Wrong, wrong => Assert.Contains("ONEDNN_MAX_CPU_ISA=SSE41", wrong.Consequence));
    }

    [Fact]
    public void Large_matrices_are_factored_right_one_by_one()
    {
        string[] names = ["linalg.slogdet", "linalg.inv", "linalg.solve"];
        var several = new TorchCheckOptions { Threads = [1, 2], Repeats = 1, Operations = names };
        Assert.Empty(TorchCheck.Run(several).Wrong);
        var spoilt = Assert.Single(
            TorchCheck.Run(several with { Threads = [1], SpoiltValue = "linalg.solve" }).Wrong,
            wrong => wrong.Operation == "linalg.solve (a large matrix)");
        Assert.Contains("(192, 192), float32, threads: 1: expected ", spoilt.Example);
    }

    [Fact]
    public void It_runs_from_code_as_in_the_docs()
    {
        var report = TorchCheck.Run(TorchCheckOptions.Quick with { Operations = ["mm", "nn.functional.conv2d"] });
        foreach (var wrong in report.Wrong)
        {
            Console.WriteLine($"{wrong}\n{wrong.Consequence}");
        }

        Assert.Equal(2, report.Operations);
    }

    [Fact]
    public void Only_the_operations_that_are_named_are_asked() =>
        Assert.Equal(2, TorchCheck.Run(s_little with { Operations = ["mm", "exp"] }).Operations);

    [Fact]
    public void An_operation_that_there_is_not_is_named()
    {
        var options = s_little with { Operations = ["frobnicate"] };
        var exception = Assert.Throws<ArgumentException>(() => TorchCheck.Run(options));
        Assert.EndsWith("got 'frobnicate'.", exception.Message);
    }

    [Fact]
    public void It_stops_between_two_operations_when_asked()
    {
        var heard = new List<string>();
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TorchCheck.Run(s_little, new Listener(Hear), source.Token));
        Assert.Single(heard);

        void Hear(string name)
        {
            heard.Add(name);
            source.Cancel();
        }
    }

    private static List<WrongOperation> Ours(TorchCheckReport report) =>
        [.. report.Wrong.Where(wrong => !wrong.Operation.StartsWith(NotOurs, StringComparison.Ordinal))];

    private sealed class Listener(Action<string> hear) : IProgress<string>
    {
        public void Report(string value) => hear(value);
    }
}
