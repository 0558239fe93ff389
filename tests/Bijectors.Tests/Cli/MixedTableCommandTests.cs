using System.Text.Json.Nodes;
using Bijectors.Data;

namespace Bijectors.Tests.Cli;

/// <summary>Tables with categories and missing entries, from training to samples.</summary>
public sealed class MixedTableCommandTests : CommandLineTest
{
    private string Data => $"csv:{At("people.csv")}?category=city&missing=income";

    [Fact]
    public void A_model_keeps_categories_and_missing_columns_and_a_run_has_a_report()
    {
        var run = Line("train", "--model", "realnvp", "--data", Data, "--steps", "30", "--batch", "64", "--layers", "2",
            "--run", At("run"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain("infinite", run.Output, StringComparison.Ordinal);
        var report = File.ReadAllText(Path.Combine(At("run"), "report.html"));
        Assert.DoesNotContain("NaN", report, StringComparison.Ordinal);
        Assert.Contains("independent columns", report, StringComparison.Ordinal);

        var described = JsonNode.Parse(Line("describe", At("run"), "--json").Output)!;
        Assert.Equal("""["Bonn","Kiel","Ulm"]""", described["categories"]!["city"]!.ToJsonString());
        Assert.Equal("""["income"]""", described["mayBeMissing"]!.ToJsonString());

        // Codes are those of the model, whatever a file holds of them; columns are found by their names.
        File.WriteAllText(At("new.csv"), "income,age,city\n12,30,Ulm\n,31,Ulm\n1e6,30,Kiel\n");
        Assert.Equal(0, Line("score", At("run"), "--data", At("new.csv"), "--quantile", "--out", At("s.csv")).ExitCode);
        var scored = File.ReadAllLines(At("s.csv"));
        Assert.StartsWith("income,age,city,log_prob,quantile", scored[0], StringComparison.Ordinal);
        Assert.StartsWith(",31,Ulm,-", scored[2], StringComparison.Ordinal);
        var values = scored[1..].Select(row => double.Parse(row.Split(',')[3])).ToArray();
        Assert.True(values[2] < values[0] - 10);
        Assert.All(values, value => Assert.True(double.IsFinite(value)));

        File.AppendAllText(At("new.csv"), "12,30,Berlin\n");
        Assert.Contains(
            "expected one of the categories Bonn, Kiel, Ulm in row 5, column 3 ('city'), got 'Berlin'",
            Failure(1, "score", At("run"), "--data", At("new.csv"), "--out", At("s.csv")), StringComparison.Ordinal);

        Assert.Equal(0, Line("sample", At("run"), "--count", "40", "--out", At("samples.csv")).ExitCode);
        using var samples = TableFile.Read(
            At("samples.csv"), [new TableColumn("city") { Categories = ["Bonn", "Kiel", "Ulm"] }, new("age")]);
        Assert.Equal([40L, 2], samples.Items.shape);

        var check = Line("check", At("run"), "--data", At("people.csv"));
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains("AffineCoupling", check.Output, StringComparison.Ordinal);
        Assert.Contains("0 % outside the support", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Contexts_may_be_categories()
    {
        var model = At("m.safetensors");
        var data = $"csv:{At("people.csv")}?target=age&context=city&category=city";
        Assert.Equal(0, Line("train", "--model", "maf", "--data", data, "--steps", "10", "--out", model).ExitCode);
        Assert.Equal(0, Line(
            "sample", model, "--context", "Kiel", "--count", "5", "--out", At("samples.csv")).ExitCode);
        var rows = File.ReadAllLines(At("samples.csv"));
        Assert.Equal("city,age", rows[0]);
        Assert.All(rows[1..], row => Assert.StartsWith("Kiel,", row, StringComparison.Ordinal));
        Assert.Contains(
            "expected a category as city (Bonn, Kiel, Ulm), got 'Rome'",
            Failure(1, "sample", model, "--context", "Rome", "--out", At("x.csv")), StringComparison.Ordinal);
        File.WriteAllText(At("given.csv"), "city\nUlm\nBonn\n");
        Assert.Equal(0, Line(
            "sample", model, "--context", At("given.csv"), "--count", "1", "--out", At("samples.csv")).ExitCode);
        Assert.Equal(["Ulm", "Bonn"], File.ReadAllLines(At("samples.csv"))[1..].Select(row => row.Split(',')[0]));
        Assert.Equal(0, Line("score", model, "--data", At("people.csv"), "--out", At("s.csv")).ExitCode);
    }

    [Fact]
    public void Noise_and_attributions_are_refused()
    {
        Assert.Contains(
            "--noise: expected items of numbers, got people.csv with categories or missing entries",
            Failure(1, "train", "--model", "maf", "--data", Data, "--noise", "0.1", "--steps", "1", "--out",
                At("m.safetensors")), StringComparison.Ordinal);
        Assert.Equal(0, Line("train", "--model", "maf", "--data", Data, "--steps", "2", "--out",
            At("m.safetensors")).ExitCode);
        Assert.StartsWith("error: --attribution: expected", Failure(
            1, "score", At("m.safetensors"), "--data", At("people.csv"), "--attribution"), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_compared_on_such_a_table()
    {
        var run = Line("compare", "--models", "realnvp,maf", "--data", Data, "--steps", "10", "--seeds", "1",
            "--parameters", "2000", "--out", At("comparison"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain("NaN", File.ReadAllText(Path.Combine(At("comparison"), "report.html")),
            StringComparison.Ordinal);
    }

    public MixedTableCommandTests()
    {
        var random = new Random(3);
        string[] cities = ["Bonn", "Ulm", "Kiel"];
        File.WriteAllLines(At("people.csv"), Enumerable.Range(0, 300).Select(_ =>
        {
            var city = random.Next(3);
            var age = 30 + (5 * city) + (10 * random.NextDouble());
            var income = random.Next(5) == 0 ? "" : FormattableString.Invariant($"{age * random.NextDouble():F1}");
            return FormattableString.Invariant($"{cities[city]},{age:F1},{income}");
        }).Prepend("city,age,income"));
    }
}
