using System.CommandLine;
using System.Diagnostics;
using Bijectors.RandomFlows;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var count = new Option<int>("--count") { Description = "How many flows.", DefaultValueFactory = _ => 1000 };
var seed = new Option<int>("--seed") { Description = "What everything is drawn from.", DefaultValueFactory = _ => 1 };
var one = new Option<int?>("--flow") { Description = "Prints and checks only the flow with this index." };
var size = new Option<int>("--size") { Description = "How many steps a flow may have, and how deep they may be nested.",
    DefaultValueFactory = _ => 4 };
var root =
    new RootCommand("Draws random flows from the algebra, checks all laws on each, and shrinks those that break one.")
{
    count, seed, one, size,
};
root.SetAction(line =>
{
    var clock = Stopwatch.StartNew();
    var indices = line.GetValue(one) is { } only ? [only] : Enumerable.Range(0, line.GetValue(count));
    if (line.GetValue(one) is { } shown)
    {
        Console.WriteLine(DrawnFlow.Of(line.GetValue(seed), shown, line.GetValue(size)));
    }

    var report = FlowRun.Run(indices, line.GetValue(seed), line.GetValue(size), Console.Out,
        Console.IsOutputRedirected ? null : Console.Error);
    report.Summarize(
        $"{clock.Elapsed.TotalSeconds:F0} s, {clock.Elapsed.TotalSeconds / Math.Max(1, report.Flows):F2} s a flow");
    return report.Failures > 0 ? 1 : 0;
});
return root.Parse(args).Invoke();
