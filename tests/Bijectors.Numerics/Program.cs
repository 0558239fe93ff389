using System.CommandLine;
using System.Diagnostics;
using Bijectors.Tests;
using Bijectors.Tests.Numerics;
using TorchSharp;

// Small tensors: a second thread costs more than it brings.
torch.set_num_threads(1);

var write = new Option<bool>("--write") { Description = "Puts the tables into docs/numerics.md." };
var root = new RootCommand("Measures how exact every bijector of the catalogue is, in float32 and float64.") { write };
root.SetAction(line =>
{
    var clock = Stopwatch.StartNew();
    var tables = NumericsPage.Write([.. Catalogue.All.Select(entry => (entry, Measured(entry)))]);
    Console.Write(tables);
    Console.WriteLine($"{Catalogue.All.Count} bijectors measured in {clock.Elapsed.TotalSeconds:F0} s.");
    if (line.GetValue(write))
    {
        NumericsPage.Replace(tables);
        Console.WriteLine($"Written: {NumericsPage.Path}");
    }
});
return root.Parse(args).Invoke();

static IReadOnlyDictionary<torch.ScalarType, IReadOnlyDictionary<Region, Measurement>> Measured(Entry entry) =>
    NumericsPage.DTypes.ToDictionary(dtype => dtype, dtype => Measurement.Of(entry, dtype));
