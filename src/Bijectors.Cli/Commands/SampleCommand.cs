using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Cli;

/// <summary><c>bijectors sample</c>.</summary>
internal static class SampleCommand
{
    private const string Summary = "Draws samples from a saved flow, as images or as numbers.";

    private const string Details =
        """
        The ending of the output file decides its kind: .png for a grid of images, .npy for the numbers themselves (any data).

        Example:
          bijectors sample glow.safetensors --count 100 --out samples.png
        """;

    public static Command Build(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A file that \"bijectors train\" has saved." };
        var count = NumberOption.Whole("--count", "How many samples.", 64);
        var columns = NumberOption.Whole("--columns", "The number of images in a row; without it as wide as high.");
        var seed = NumberOption.Whole("--seed", "The seed of the samples.", 0, least: 0);
        var output = new Option<string>("--out", "-o")
        {
            Description = "The file to write, .png or .npy.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "samples.png",
        };
        var command = new DetailedCommand("sample", Summary, Details) { model, count, columns, seed, output };
        command.SetAction(line =>
        {
            var path = OutputFolder.CheckFile(line.GetValue(output)!);
            var asNumbers = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".NPY" => true,
                ".PNG" => false,
                var other => throw new UserException($"--out: expected a file ending in .png or .npy, got '{other}'."),
            };
            using var saved = SavedModel.Load(line.GetValue(model)!);
            var number = line.GetValue(count)!.Value;
            using var samples = Draw(saved.Flow, number, line.GetValue(seed)!.Value);
            if (asNumbers)
            {
                Npy.Write(path, samples);
            }
            else
            {
                WriteGrid(path, saved.Flow, samples, line.GetValue(columns) ?? (int)Math.Ceiling(Math.Sqrt(number)));
            }

            terminal.Line($"Written: {path}, {number} samples {saved.Flow.EventShape} of {saved.Model.Title}");
            return ExitCode.Success;
        });
        return command;
    }

    private static Tensor Draw(Flow flow, int count, int seed)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        flow.eval();
        return flow.Quantize(flow.Sample(count, generator: generator)).MoveToOuterDisposeScope();
    }

    private static void WriteGrid(string path, Flow flow, Tensor samples, int columns)
    {
        if (flow.EventShape.Rank != 3 || flow.EventShape[0] is not (1 or 3))
        {
            throw new UserException($"--out: expected .npy for samples {flow.EventShape}, which are no images, got .png.");
        }

        using var scope = NewDisposeScope();
        var (low, high) = flow.Levels is { } levels ? (0, levels - 1) : (samples.min().ToDouble(), samples.max().ToDouble());
        var scaled = ((samples - low) / Math.Max(high - low, 1e-9)).clamp(0, 1);
        PngImage.WriteGrid(path, scaled, columns, scale: (int)Math.Max(1, 32 / flow.EventShape[-1]));
    }
}
