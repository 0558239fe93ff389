using System.CommandLine;
using Bijectors.Tests.ZooPage;
using Bijectors.Zoo;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var write = new Option<bool>("--write") { Description = "Puts tables and pictures into docs/zoo.md and docs/images." };
var names = new Option<string[]>("--models")
{
    Description = "Which models; all by default.",
    AllowMultipleArgumentsPerToken = true,
};
var root = new RootCommand(
    "Trains every model of the zoo on two moons, whose density is known, and compares with what docs/zoo.md states.")
{
    write, names,
};
root.SetAction(line =>
{
    var models = line.GetValue(names) is { Length: > 0 } given ? [.. given.Select(Models.Named)] : Models.All;
    var rows = new List<ZooRow>();
    foreach (var model in models)
    {
        rows.Add(ZooRow.Of(model));
        Console.WriteLine(rows[^1]);
    }

    if (line.GetValue(write))
    {
        Page.Write(rows);
        Console.WriteLine($"Written: {Page.Path}");
        return 0;
    }

    var worse = rows.Where(row => !Page.Confirms(row)).ToList();
    worse.ForEach(row => Console.WriteLine($"Worse than {Page.Path} states: {row}"));
    return worse.Count == 0 ? 0 : 1;
});
return root.Parse(args).Invoke();
