using System.CommandLine;
using Bijectors.Data;
using Bijectors.Testing;
using Bijectors.Zoo;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary><c>bijectors check</c>.</summary>
internal static class CheckCommand
{
    private const string Summary = "Checks that a saved flow inverts itself and that its log-determinants are right.";

    private const string Details =
        """
        The whole flow is checked at samples of its own. Then one layer of each kind is checked, with its parameters
        moved, for the laws that every bijector obeys: round trips both ways, log-determinants against the Jacobian by
        automatic differentiation, gradients, shapes, dtypes and others. The exit code is 1 if one does not hold. Large
        images take minutes.

        A report follows on how exactly the flow inverts itself, at samples of its own or at data, and which layer loses
        most. Bad conditioning is a warning, not a failure.

        Examples:
          bijectors check model.safetensors
          bijectors check moons.safetensors --data moons
        """;

    public static Command Build(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A file that \"bijectors train\" has saved." };
        var dataOption = new Option<string?>("--data", "-d")
        {
            Description = "Where the report looks, instead of samples: "
                + $"test items of {string.Join(", ", Datasets.Specs)}, or a path alone.",
            HelpName = "DATA",
        };
        var seedOption = NumberOption.Whole("--seed", "The seed of the points at which it is checked.", 0, least: 0);
        var command = new DetailedCommand("check", Summary, Details) { model, dataOption, seedOption };
        command.SetAction(line =>
        {
            var path = line.GetValue(model)!;
            var seed = line.GetValue(seedOption)!.Value;
            using var saved = SavedModel.Load(path);
            terminal.Line(
                $"{saved.Title}, items {saved.Flow.EventShape}, {Numbers.Count(saved.Flow.ParameterCount)} parameters");
            using var data = line.GetValue(dataOption) is { } spec ? Open(spec, saved) : null;
            if (data is not null)
            {
                FlowCheck.Fits(saved.Flow, data);
            }

            var exitCode = Report(terminal, [.. FlowCheck.Whole(saved.Flow, seed), .. FlowCheck.Layers(path, seed)]);
            terminal.Line("");
            terminal.Line(
                $"How exactly it inverts itself, {(data is null ? "at samples of its own" : $"at {data.Name}")}:");
            terminal.Line(FlowCheck.Invertibility(saved.Flow, data, seed).ToString().TrimEnd());
            if (data is not null && FlowCheck.Outside(saved.Flow, data) is { } outside)
            {
                terminal.Line(outside);
            }

            return exitCode;
        });
        return command;
    }

    /// <summary>Data; of a table that names no columns, those that the model was trained with.</summary>
    private static Dataset Open(string spec, SavedModel saved)
    {
        var (file, targets, context) = saved.Columns is null ? (spec, [], []) : Datasets.TableColumns(spec);
        return targets is null && context is null && TableFile.IsOne(file)
            ? Datasets.Csv(file, seed: saved.Seed, targets: saved.Columns, context: saved.ContextColumns)
            : Datasets.Open(spec, saved.Seed);
    }

    private static int Report(Terminal terminal, IReadOnlyList<LawResult> results)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Law", "Holds", "What it says");
        foreach (var result in results)
        {
            table.AddRow(
                Markup.Escape(result.Law),
                result.Passed ? "[green]yes[/]" : "[red]NO[/]",
                Markup.Escape(result.Passed ? result.Message : "see below"));
        }

        terminal.Ansi.Write(table);
        var broken = results.Where(result => !result.Passed).ToList();
        foreach (var result in broken)
        {
            terminal.Line("");
            terminal.Line(result.Message);
        }

        return broken.Count == 0
            ? ExitCode.Success
            : terminal.Fail(
                ExitCode.Failure,
                $"{broken.Count} of {results.Count} laws do not hold: "
                + $"{string.Join(", ", broken.Select(result => result.Law))}.");
    }
}
