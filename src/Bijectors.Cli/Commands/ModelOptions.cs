using System.CommandLine;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The options that choose a model and its size.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model", "-m")
    {
        Description = $"Which model: {string.Join(", ", Models.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Models.Names[0],
    };

    private readonly Option<string[]> _set = new("--set", "-s")
    {
        Description = "Changes an option of the model, as in --set hidden=64; \"bijectors describe NAME\" lists them. "
            + "May be given several times.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<int?> _parameters = NumberOption.Whole(
        "--parameters", "Chooses the model's width so that it has about this many parameters.");

    public void AddTo(Command command)
    {
        command.Add(_model);
        _model.CompletionSources.Add([.. Models.Names]);
        AddSettingsTo(command);
    }

    /// <summary>The options for a command that takes the model as an argument.</summary>
    public void AddSettingsTo(Command command)
    {
        command.Add(_set);
        command.Add(_parameters);
        _set.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                is { } token)
            {
                result.AddError($"--set: expected NAME=VALUE, got '{token.Value}'");
            }
        });
    }

    public Model Model(ParseResult line) => Models.Named(line.GetValue(_model)!);

    /// <summary>The model's options with the changes that the command line asks for.</summary>
    public object Options(ParseResult line, Model model, Shape shape, int? levels)
    {
        var options = model.DefaultsFor(shape);
        foreach (var change in line.GetValue(_set) ?? [])
        {
            var (name, value) = (change[..change.IndexOf('=', StringComparison.Ordinal)],
                change[(change.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            options = model.With(options, name.Trim(), value.Trim());
        }

        return line.GetValue(_parameters) is { } count
            ? BudgetSearch.Fit(model, shape, count, options, levels) : options;
    }
}
