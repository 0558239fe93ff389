using System.CommandLine;
using System.Diagnostics;
using Bijectors.Tests;
using Bijectors.Tests.Numerics;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var write = new Option<bool>("--write") { Description = "Puts the tables into docs/numerics.md." };
var part = new Option<string?>("--entries")
{
    Description = "Measures those whose name has this in it, and writes nothing.",
};
var root = new RootCommand("Measures how exact every bijector of the catalogue is, in float32 and float64.")
{
    write, part,
};
root.SetAction(line =>
{
    var clock = Stopwatch.StartNew();
    var name = line.GetValue(part);
    var entries = Catalogue.All.Where(entry => entry.Name.Contains(name ?? "", StringComparison.Ordinal)).ToList();
    var tables = NumericsPage.Write([.. entries.Select(entry => (entry, Measured(entry)))]);
    Console.Write(tables);
    Console.WriteLine($"{entries.Count} bijectors measured in {clock.Elapsed.TotalSeconds:F0} s.");
    if (line.GetValue(write) && name is null)
    {
        NumericsPage.Replace(tables);
        Console.WriteLine($"Written: {NumericsPage.Path}");
    }
});
return root.Parse(args).Invoke();

static IReadOnlyDictionary<torch.ScalarType, IReadOnlyDictionary<Region, Measurement>> Measured(Entry entry) =>
    NumericsPage.DTypes.ToDictionary(dtype => dtype, dtype => Measurement.Of(entry, dtype));
