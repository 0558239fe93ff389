using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// What is asked of MixerFlow: how it compares with other models at the same number of parameters, as this library
/// recommends them and as their papers have them, and under a fixed permutation of the pixels; and which of its options
/// matter.
/// </summary>
internal static class MixerFlowExperiment
{
    public const string Models = "models";
    public const string Paper = "paper";
    public const string Permuted = "permuted";
    public const string Ablations = "ablations";

    /// <summary>The learning rates that each row is tried with, on validation items.</summary>
    public static IReadOnlyList<double> Rates { get; } = [0.005, 0.01, 0.02];

    /// <summary>The sections, in the order of the report.</summary>
    public static IReadOnlyList<string> Sections { get; } = [Models, Paper, Permuted, Ablations];

    private static readonly string[] s_compared = ["mixerflow", "glow", "realnvp", "maf", "nsf", "tarflow"];

    /// <summary>All rows of a section.</summary>
    public static IEnumerable<Variant> Rows(string section) => section switch
    {
        Models => s_compared.Select(name => Row(section, name)),
        Paper => s_compared.Select(name => name == "mixerflow"
            ? Row(section, name, "reach=row", "linear=plu", "layers=4", "couplings=4", "marginalBins=0")
            : Row(section, name, "marginalBins=0")),
        Permuted => s_compared.Select(name => Row(section, name) with { Permute = 1 }),
        _ => s_ablations.Select(changes => Ablation(section, changes)),
    };

    private static readonly string[] s_ablations =
    [
        "",
        "marginalBins=0",
        "reach=row",
        "reach=row network=kan",
        "reach=row autoregressive=true",
        "autoregressive=true",
        "map=spline",
        "map=mixture",
        "linear=plu",
        "linear=reversal",
        "linear=none",
        "order=patchesFirst",
        "roll=1",
        "norm=channels",
        "norm=patches",
        "patch=4",
        "layers=4 couplings=4",
        "layers=6",
        "blocks=2",
    ];

    private static Variant Ablation(string section, string changes) =>
        Row(section, "mixerflow", changes.Split(' ', StringSplitOptions.RemoveEmptyEntries)) with
        {
            Name = changes.Length == 0 ? "as it is" : changes.Replace(" ", ", ", StringComparison.Ordinal),
            RateOf = "mixerflow",
        };

    private static Variant Row(string section, string name, params string[] changes)
    {
        var model = Zoo.Models.Named(name);
        return new(section, model.Title, model, [.. changes.Select(change => change.Split('='))
            .Select(parts => (parts[0], parts[1]))]);
    }
}
