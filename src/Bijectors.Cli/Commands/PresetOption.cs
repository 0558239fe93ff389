using System.CommandLine;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The option that names a <see cref="TrainingPreset"/>.</summary>
internal sealed class PresetOption
{
    // What a person may ask for and this command line cannot give, with what to do instead.
    private static readonly (string Name, string Answer)[] Elsewhere =
    [
        ("tabular", $"{Names}, got tabular; no options are known that do better on tables than the defaults, "
            + "so leave --preset out"),
        ("vi", $"{Names}, got vi; variational inference is done in code, by ReverseKl with "
            + "TrainingPreset.VariationalInference"),
    ];

    public PresetOption()
    {
        Option.CompletionSources.Add([.. ForData.Select(preset => preset.Name)]);
        Option.Validators.Add(Check);
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result)
    {
        if (result.Tokens is not [{ Value: var name }] || ForData.Any(preset => preset.Name == name))
        {
            return;
        }

        var answer = Elsewhere.FirstOrDefault(row => row.Name == name).Answer;
        result.AddError($"--preset: expected {answer ?? $"{Names}, got '{name}'"}");
    }

    public Option<string?> Option { get; } = new("--preset")
    {
        Description = $"Options of training for a kind of data: {Names}. What is given besides counts in their place.",
        HelpName = "NAME",
    };

    private static IEnumerable<TrainingPreset> ForData =>
        TrainingPreset.All.Where(preset => preset != TrainingPreset.VariationalInference);

    private static string Names => string.Join(", ", ForData.Select(preset => preset.Name));

    /// <summary>The preset that is named; null for none.</summary>
    public TrainingPreset? Read(ParseResult line) =>
        line.GetValue(Option) is { } name ? TrainingPreset.Named(name) : null;

    /// <summary>Refuses a preset that is not for data of a shape.</summary>
    /// <exception cref="UserException">The preset is for images and the items are none, or the reverse.</exception>
    public static void Check(TrainingPreset? preset, Shape item)
    {
        if (preset is not null && preset == TrainingPreset.Image && item.Rank != 3)
        {
            throw new UserException(
                $"--preset: expected items that are {preset.Task} for the preset {preset}, got {item}; leave it out.");
        }
    }
}
