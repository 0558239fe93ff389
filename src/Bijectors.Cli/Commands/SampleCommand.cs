using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors sample</c>.</summary>
internal static class SampleCommand
{
    private const string Summary = "Draws samples from a saved flow, as images or as numbers.";

    private const string Details =
        """
        The ending of the output file decides its kind: .png for a grid of images, .npy for the numbers themselves (any
        data), .csv, .tsv, .parquet or .arrow for items that are vectors. Without --out it is samples.png for images,
        samples.csv for vectors and samples.npy for other items. A conditional model needs a context: numbers, one
        context for all samples; or a table or an array, with --count samples for each of its rows.

        Examples:
          bijectors sample glow.safetensors --count 100 --out samples.png
          bijectors sample glow.safetensors --temperature 0.7
          bijectors sample tarflow.safetensors --denoise
          bijectors sample wages.safetensors --context 12.5,3 --guidance 1.5
          bijectors sample wages.safetensors --context 12.5,3 --count 1000 --out samples.csv
          bijectors sample wages.safetensors --context new.csv --count 10 --out samples.csv
        """;

    public static Command Build(Terminal terminal)
    {
        var model = ModelFile.Argument();
        var count = NumberOption.Whole("--count", "How many samples.", 64);
        var columns = NumberOption.Whole("--columns", "The number of images in a row; without it as wide as high.");
        var seed = NumberOption.Whole("--seed", "The seed of the samples.", 0, least: 0);
        var temperature = NumberOption.Real(
            "--temperature",
            "What points of the base are multiplied by: below 1 samples keep to where the density is high.", 1);
        var denoise = new Option<bool>("--denoise")
        {
            Description = "Takes the noise off that the model was trained with: each sample becomes the mean of what "
                + "it was before.",
        };
        var guidance = NumberOption.Real(
            "--guidance",
            "How far parameters for the context are moved away from those for none: above 0 samples keep to what tells "
                + "their context from others. The model must be trained with --context-dropout.",
            0, orZero: true);
        var output = new Option<string?>("--out", "-o")
        {
            Description = $"The file to write: .png, .npy{TableFile.Endings}; by default, of the kind of the items.",
            HelpName = "FILE",
        };
        var context = new Option<string?>("--context")
        {
            Description = "What samples are given: numbers between commas, or a table or an array "
                + "with a context in each row; none, for samples of a model that was trained with --context-dropout.",
            HelpName = "NUMBERS|FILE",
        };
        var command = new DetailedCommand("sample", Summary, Details)
        {
            model, count, context, columns, temperature, guidance, denoise, seed, output,
        };
        command.Gives(terminal, line =>
        {
            var asked = line.GetValue(output);
            var kind = Path.GetExtension(asked)?.ToUpperInvariant();
            if (kind is not null and not (".NPY" or ".PNG") && !TableFile.CanWrite(asked!))
            {
                throw new UserException(
                    $"--out: expected a file ending in .png, .npy{TableFile.Endings}, got '{kind}'.");
            }

            _ = asked is null ? null : OutputFolder.CheckFile(asked);
            using var saved = ModelFile.Load(line.GetValue(model)!);
            var path = asked ?? OutputFolder.CheckFile($"samples{Usual(saved.Flow.EventShape)}");
            kind ??= Path.GetExtension(path).ToUpperInvariant();
            var number = line.GetValue(count)!.Value;
            using var given = SampleContext.Read(saved, line.GetValue(context));
            var factor = line.GetValue(temperature)!.Value;
            var weight = line.GetValue(guidance)!.Value;
            using var guided = weight == 0 ? null : Copy("--guidance", () => saved.Flow.Guided(weight));
            using var tempered =
                factor == 1 ? null : Copy("--temperature", () => (guided ?? saved.Flow).Tempered(factor));
            var draw = new SampleDraw(
                tempered ?? guided ?? saved.Flow, number, given, line.GetValue(denoise) ? Noise(saved) : null);
            using var samples = new CountDisplay(terminal).Show(
                "sample", "samples", draw.Count, progress => draw.All(line.GetValue(seed)!.Value, progress));
            switch (kind)
            {
                case ".NPY":
                    Npy.Write(path, samples);
                    break;
                case ".PNG":
                    WriteGrid(
                        path, saved.Flow, samples, line.GetValue(columns) ?? (int)Math.Ceiling(Math.Sqrt(number)));
                    break;
                default:
                    WriteTable(path, saved, samples, given, number);
                    break;
            }

            return new SampleResult(path, samples.shape[0], saved.Flow.EventShape, saved.Title);
        });
        return command;
    }

    /// <summary>The ending of the file that shows samples of a shape.</summary>
    private static string Usual(Shape item) =>
        item.Rank == 1 ? ".csv" : item.Rank == 3 && item[0] is 1 or 3 ? ".png" : ".npy";

    /// <summary>A copy of a flow that samples otherwise.</summary>
    /// <exception cref="UserException">The flow is none that can.</exception>
    private static Flow Copy(string option, Func<Flow> make)
    {
        try
        {
            return make();
        }
        catch (InvalidOperationException exception)
        {
            throw new UserException($"{option}: {exception.Message}", exception);
        }
    }

    /// <summary>The deviation of the noise that a model was trained with.</summary>
    /// <exception cref="UserException">It was trained without.</exception>
    private static double Noise(SavedModel saved) => saved.Noise > 0
        ? saved.Noise
        : throw new UserException(
            $"--denoise: expected a model that was trained with noise, got {saved.Title} without; train it with "
            + "--noise.");

    /// <summary>The samples as a table, behind the contexts that they were drawn under.</summary>
    private static void WriteTable(string path, SavedModel saved, Tensor samples, Tensor? contexts, int count)
    {
        if (saved.Flow.EventShape.Rank != 1)
        {
            throw new UserException(
                $"--out: expected .npy or .png for samples {saved.Flow.EventShape}, which are no rows of a table.");
        }

        using var scope = NewDisposeScope();
        var flow = saved.Flow;
        IReadOnlyList<TableColumn> items = TableColumn.Of(
            saved.Columns ?? SampleContext.Numbered("x", flow.EventShape.Size), flow.Categories, flow.MissingColumns);
        if (contexts is null)
        {
            TableFile.Write(path, items, samples);
            return;
        }

        var rows = contexts.flatten(1);
        var columns = SampleContext.Columns(saved, rows.shape[1]);
        var given = ContextTable.ToRows(columns, rows).repeat_interleave(count, 0);
        TableFile.Write(path, [.. columns, .. items], cat([given, samples], 1));
    }

    private static void WriteGrid(string path, Flow flow, Tensor samples, int columns)
    {
        if (flow.EventShape.Rank != 3 || flow.EventShape[0] is not (1 or 3))
        {
            throw new UserException(
                $"--out: expected .npy for samples {flow.EventShape}, which are no images, got .png.");
        }

        using var scope = NewDisposeScope();
        var (low, high) =
            flow.Levels is { } levels ? (0, levels - 1) : (samples.min().ToDouble(), samples.max().ToDouble());
        var scaled = ((samples - low) / Math.Max(high - low, 1e-9)).clamp(0, 1);
        PngImage.WriteGrid(path, scaled, columns, scale: (int)Math.Max(1, 32 / flow.EventShape[-1]));
    }
}
