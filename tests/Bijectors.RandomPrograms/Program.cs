using System.CommandLine;
using System.Diagnostics;
using Bijectors.RandomPrograms.Draw;
using Bijectors.RandomPrograms.Mutate;
using Bijectors.RandomPrograms.Print;
using Bijectors.RandomPrograms.Run;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var valid =
    new Option<int>("--valid") { Description = "How many well-formed programs.", DefaultValueFactory = _ => 2000 };
var invalid =
    new Option<int>("--invalid") { Description = "How many ill-formed programs.", DefaultValueFactory = _ => 2000 };
var seed = new Option<int>("--seed") { Description = "What everything is drawn from.", DefaultValueFactory = _ => 1 };
var one = new Option<int?>(
    "--program") { Description = "Prints and checks only the program with this index, well-formed and ill-formed." };
var features = new Option<string>("--features")
{
    Description =
        "The forms to draw: all, current (what the compiler accepts), none, or names of them with commas between.",
    DefaultValueFactory = _ => "current",
};
var skip = new Option<string>("--skip")
{
    Description = "Laws to leave out, with commas between: one known mistake hides the others.",
    DefaultValueFactory = _ => "",
};
var root = new RootCommand("Draws random programs of the forward language, and checks that the well-formed ones obey "
    + "the laws and the ill-formed ones are refused for the right reason.")
{
    valid, invalid, seed, one, features, skip,
};
root.SetAction(line =>
{
    var chosen = Enum.Parse<Features>(line.GetValue(features)!, ignoreCase: true);
    var index = line.GetValue(one);
    if (index is { } only)
    {
        Console.WriteLine(Listing.Of(ProgramDrawer.Draw(line.GetValue(seed), only, chosen)));
        var (mutant, mutation) = MutantDrawer.Draw(line.GetValue(seed), only, chosen);
        Console.WriteLine($"{mutation.Name}, {string.Join(" or ", mutation.Expected)}:\n{Listing.Of(mutant)}");
    }

    var clock = Stopwatch.StartNew();
    var wellFormed = ValidRun.Run(index is { } i ? [i] : Enumerable.Range(0, line.GetValue(valid)), line.GetValue(seed),
        chosen, Console.Out, line.GetValue(skip)!);
    wellFormed.Summarize($"well-formed programs, {clock.Elapsed.TotalSeconds:F0} s");
    clock.Restart();
    var illFormed = InvalidRun.Run(
        index is { } j ? [j] : Enumerable.Range(0, line.GetValue(invalid)), line.GetValue(seed), chosen, Console.Out);
    illFormed.Summarize($"ill-formed programs, {clock.Elapsed.TotalSeconds:F0} s");
    Console.WriteLine($"{wellFormed.Failures} well-formed and {illFormed.Failures} ill-formed programs failed.");
    return wellFormed.Failures + illFormed.Failures > 0 ? 1 : 0;
});
return root.Parse(args).Invoke();
