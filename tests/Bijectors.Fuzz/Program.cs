using System.CommandLine;
using System.Diagnostics;
using Bijectors.Fuzz;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var count = new Option<int>("--count") { Description = "How many inputs in all.", DefaultValueFactory = _ => 100_000 };
var seed = new Option<int>("--seed") { Description = "What everything is drawn from.", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--target") { Description = "Only what takes these inputs." };
var one = new Option<int?>("--input") { Description = "Prints and takes only the input with this index of a target." };
var from = new Option<int?>("--from") { Description = "Takes inputs in this process, from an index on." };
var root = new RootCommand(
    "Gives changed inputs to all that reads some: each must be answered or refused with a clear sentence, without a "
        + "crash, 5 seconds of work or a gigabyte of memory.")
{
    count, seed, only, one, from,
};
root.SetAction(line =>
{
    if (line.GetValue(only) is { } name && line.GetValue(from) is { } first)
    {
        Worker.Run(Targets.Named(name), line.GetValue(seed), first, line.GetValue(count));
        return 0;
    }

    if (line.GetValue(only) is { } shown && line.GetValue(one) is { } index)
    {
        SingleInput.Show(Targets.Named(shown), line.GetValue(seed), index);
        return 0;
    }

    var clock = Stopwatch.StartNew();
    Target[] targets = line.GetValue(only) is { } chosen ? [Targets.Named(chosen)] : [.. Targets.All];
    var shares = targets.Sum(target => target.Share);
    var (inputs, findings) = (0, 0);
    Console.WriteLine(Tally.Header);
    foreach (var target in targets)
    {
        var tally = new Supervisor(
            target, line.GetValue(seed), (int)Math.Ceiling(line.GetValue(count) * (double)target.Share / shares)).Run();
        Console.WriteLine(tally);
        tally.Lines().ToList().ForEach(Console.WriteLine);
        (inputs, findings) = (inputs + tally.Inputs, findings + tally.Findings);
    }

    Console.WriteLine($"{inputs} inputs, {findings} findings, {clock.Elapsed.TotalMinutes:F1} minutes");
    return findings == 0 ? 0 : 1;
});
return root.Parse(args).Invoke();
