using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;

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
        var model = ModelFile.Argument();
        var dataOption = new Option<string?>("--data", "-d")
        {
            Description = "Where the report looks, instead of samples: "
                + $"test items of {string.Join(", ", Datasets.Specs)}, or a path alone.",
            HelpName = "DATA",
        };
        var seedOption = NumberOption.Whole("--seed", "The seed of the points at which it is checked.", 0, least: 0);
        var command = new DetailedCommand("check", Summary, Details) { model, dataOption, seedOption };
        command.Gives(terminal, line =>
        {
            var path = ModelFile.Of(line.GetValue(model)!);
            var seed = line.GetValue(seedOption)!.Value;
            using var saved = SavedModel.Load(path);
            using var data = line.GetValue(dataOption) is { } spec ? Open(spec, saved) : null;
            if (data is not null)
            {
                FlowCheck.Fits(saved.Flow, data);
            }

            return new CheckResult(
                saved.Title,
                saved.Flow.EventShape,
                saved.Flow.ParameterCount,
                data?.Name,
                [.. FlowCheck.Whole(saved.Flow, seed), .. FlowCheck.Layers(path, seed)],
                FlowCheck.Invertibility(saved.Flow, data, seed),
                data is null ? null : FlowCheck.Outside(saved.Flow, data));
        });
        return command;
    }

    /// <summary>Data; of a table that names no columns, those that the model was trained with.</summary>
    private static Dataset Open(string spec, SavedModel saved)
    {
        var query = Datasets.TableColumns(spec);
        return saved.Columns is not null && query is { Targets: null, Context: null } && TableFile.IsOne(query.File)
            ? Datasets.ReadTable(
                query.File,
                seed: saved.Seed,
                targets: saved.Columns,
                context: saved.ContextColumns,
                schema: [.. SavedSchema.OfItems(saved)!, .. SavedSchema.OfContext(saved) ?? []])
            : Datasets.Open(spec, saved.Seed);
    }
}
