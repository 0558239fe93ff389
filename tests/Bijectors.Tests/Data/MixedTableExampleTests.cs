using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>The program of docs/distributions.md on a table with categories and missing entries.</summary>
public sealed class MixedTableExampleTests : Cli.CommandLineTest
{
    [Fact]
    public void A_table_is_declared_saved_read_again_and_sampled()
    {
        var (table, other, drawn) = (At("people.csv"), At("other.csv"), At("drawn.csv"));
        var random = new Random(3);
        string[] cities = ["Bonn", "Ulm", "Kiel"];
        File.WriteAllLines(table, Enumerable.Range(0, 200).Select(i => FormattableString.Invariant(
            $"{cities[i % 3]},{30 + random.NextDouble():F2},{(i % 4 == 0 ? "" : $"{random.Next(100)}")}"))
            .Prepend("city,age,income"));
        File.WriteAllText(other, "city,age,income\nKiel,30,\nKiel,31,5\n");
        using var data = Datasets.Csv(table, categories: ["city"], missing: ["income"]);
        using var flow = Flow.On(Shape.Of(data.ItemShape))
            .Impute(data.Train, data.MissingColumns)            // what is missing is drawn, given what is observed
            .Categories(data.Train, data.Categories)            // codes become normal numbers; the flow keeps the names
            .Standardize(data.Train)                            // passed through the steps before
            .Repeat(3, layer => layer.Coupling(new RationalQuadraticSpline(bins: 8, bound: 5), hidden: 32).Linear())
            .Into(Distribution.StandardNormal);
        flow.Save(At("flow.safetensors"));

        using var quiet = no_grad();
        using var loaded = Flow.Load(At("flow.safetensors"));
        using var generator = new Generator(1);
        var names = data.Columns!;
        var schema = TableColumn.Of(names, loaded.Categories, loaded.MissingColumns);
        using var rows = TableFile.Read(other, schema);         // the codes of the flow
        using var bounds = loaded.LowerBound(rows.Items, samples: 20, generator: generator);
        using var samples = loaded.Sample(5, generator: generator);
        TableFile.Write(drawn, schema, samples);                // names of categories again

        Assert.Equal(data.Schema, schema);
        Assert.True(bounds.isfinite().all().item<bool>());
        var lines = File.ReadAllLines(drawn);
        Assert.Equal("city,age,income", lines[0]);
        Assert.All(lines[1..], line => Assert.Contains(line.Split(',')[0], cities));
    }
}
