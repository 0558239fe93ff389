using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors describe</c>.</summary>
internal static class DescribeCommand
{
    private const string Summary = "Shows how a flow is built: its layers with shapes and parameters, and its options.";

    private const string Details =
        """
        Examples:
          bijectors describe mixerflow
          bijectors describe glow --set hidden=64 --data cifar10:FOLDER
          bijectors describe model.safetensors
        """;

    public static Command Build(Terminal terminal)
    {
        var model = new Argument<string>("model")
        {
            Description = $"A model ({string.Join(", ", Models.Names)}) a file that \"bijectors train\" has "
                + "saved, or the folder of a run.",
            HelpName = "model",
        };
        model.CompletionSources.Add([.. Models.Names]);
        var data = new Option<string>("--data", "-d")
        {
            Description = "The data whose item shape a named model is made for.",
            HelpName = "DATA",
            DefaultValueFactory = _ => "digits",
        };
        var settings = new ModelOptions();
        var command = new DetailedCommand("describe", Summary, Details) { model, data };
        settings.AddSettingsTo(command);
        command.Gives(terminal, line =>
        {
            var name = line.GetValue(model)!;
            using var described = Models.Names.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? Make(line, settings, name, line.GetValue(data)!)
                : Load(name);
            return DescribeResult.Of(described);
        });
        return command;
    }

    private static SavedModel Load(string path) => File.Exists(path) || Directory.Exists(path)
        ? ModelFile.Load(path)
        : throw new UserException(
            $"{path}: expected a model ({string.Join(", ", Models.Names)}) or a saved file, found neither.");

    private static SavedModel Make(ParseResult line, ModelOptions settings, string name, string spec)
    {
        var model = Models.Named(name);
        using var data = Datasets.Open(spec);
        var shape = Shape.Of(data.ItemShape);
        var options = settings.Options(line, model, shape, data.Levels);
        return new SavedModel(model, options, FlowOfData.Create(model, options, data, seed: 0), spec);
    }
}
