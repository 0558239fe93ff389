using System.Text.Json.Nodes;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

/// <summary>Numbers are read and written in one way, whatever the culture of the process.</summary>
public sealed class CultureTests : CommandLineTest
{
    [Fact]
    public void The_culture_that_is_tested_with_shows()
    {
        using var culture = new ForeignCulture();
        Assert.Equal("⊖1⎖5", (-1.5).ToString(System.Globalization.CultureInfo.CurrentCulture));
        Assert.ThrowsAny<Exception>(
            () => ForeignCulture.IsAbsentFrom("", (-1.5).ToString(System.Globalization.CultureInfo.CurrentCulture)));
    }

    [Fact]
    public void A_model_is_trained_described_checked_and_sampled()
    {
        var (vectors, model) = (TinyVectors(), At("m"));
        using var culture = new ForeignCulture();
        Says("train", "--model", "realnvp", "--data", vectors, "--steps", "3", "--learning-rate", "1.5e-3", "--set",
            "couplings=2", "--out", model);
        Says("describe", model);
        Says("describe", "mixerflow", "--set", "layers=1");
        Says("check", model, "--data", vectors);
        Says("sample", model, "--count", "3", "--out", At("s.npy"));
        ForeignCulture.IsAbsentFrom(
            "the metadata of a model",
            string.Join("\n", SafeTensors.Read(model).Metadata.Select(row => $"{row.Key}: {row.Value}")));
    }

    [Fact]
    public void Models_are_compared()
    {
        var vectors = TinyVectors();
        using var culture = new ForeignCulture();
        Says("compare", "--data", vectors, "--models", "maf,realnvp", "--epochs", "2", "--seeds", "2", "--parameters",
            "1000", "--out", At("o"));
        foreach (var file in Directory.GetFiles(At("o"))
            .Where(file => !file.EndsWith(".png", StringComparison.Ordinal)))
        {
            ForeignCulture.IsAbsentFrom(file, File.ReadAllText(file));
        }

        JsonNode.Parse(File.ReadAllText(Path.Combine(At("o"), "results.json")));
    }

    [Fact]
    public void Times_are_taken_and_torch_is_checked()
    {
        using var culture = new ForeignCulture();
        Says("bench", "realnvp-d2", "--seconds", "0.01", "--threads", "1");
        JsonNode.Parse(Says("bench", "realnvp-d2", "--seconds", "0.01", "--threads", "1", "--json").Split('\n')[0]);
        Says("doctor", "--quick", "exp", "mm");
        Says("doctor", "--quick", "exp", "--break", "exp");
    }

    [Fact]
    public void Wrong_numbers_are_told()
    {
        using var culture = new ForeignCulture();
        foreach (var line in new[] { "train --learning-rate -1.5", "train --steps -3", "compare --test-items x",
            "train --learning-rate 1⎖5" })
        {
            var run = Line(line.Split(' '));
            Assert.NotEqual(0, run.ExitCode);
            ForeignCulture.IsAbsentFrom(line, run.Error.Replace("'1⎖5'", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Names_messages_and_domains_are_written()
    {
        using var culture = new ForeignCulture();
        foreach (var entry in Catalogue.All)
        {
            var f = entry.Make(0);
            ForeignCulture.IsAbsentFrom(entry.Name, $"{f} {f.Domain} {f.Codomain}");
            foreach (var call in new Func<object>[]
                { () => f.OutputShape(Shape.Of(7)), () => f.Forward(zeros(2, ScalarType.Int64)),
                    () => f.ForwardWithLogDet(zeros(2, 7), eventRank: -3) })
            {
                if (Record.Exception(call) is { } error)
                {
                    ForeignCulture.IsAbsentFrom(entry.Name, error.Message);
                }
            }
        }

        foreach (var error in new[]
        {
            Record.Exception(() => new Scale(double.NaN)), Record.Exception(() => Domain.Interval(0.5, -1.5)),
            Record.Exception(() => new Power(0)), Record.Exception(() => new Permute([0, -2])),
            Record.Exception(() => Flow.On(Shape.Vector(2)).Logit(-0.5)), Record.Exception(() => new Sinh().Along(3)),
            Record.Exception(() => new Sigmoid() >> new Affine(1.5, -0.25) >> new Log()),
        })
        {
            ForeignCulture.IsAbsentFrom(error!.GetType().Name, error.Message);
        }
    }

    private static string Says(params string[] line)
    {
        var run = Line(line);
        Assert.True(run.ExitCode is 0 or 1, run.Error);
        ForeignCulture.IsAbsentFrom(string.Join(' ', line), run.Output + run.Error);
        return run.Output;
    }
}
