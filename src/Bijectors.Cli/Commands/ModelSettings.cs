using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>Options of several models that a command line changes, as in <c>mixerflow.patch=4</c>.</summary>
internal sealed class ModelSettings
{
    private const string Width = "hidden";

    private readonly List<(Model Model, string Option, string Value)> _changes = [];

    /// <summary>No changes.</summary>
    public static ModelSettings None { get; } = new();

    /// <summary>Reads <c>MODEL.OPTION=VALUE</c>, one text for each change.</summary>
    /// <exception cref="ArgumentException">A model or an option is unknown, or a value is not one of it.</exception>
    public static ModelSettings Parse(IEnumerable<string> texts)
    {
        var settings = new ModelSettings();
        foreach (var text in texts)
        {
            var (dot, equals) =
                (text.IndexOf('.', StringComparison.Ordinal), text.IndexOf('=', StringComparison.Ordinal));
            var model = Models.Named(text[..dot].Trim());
            var (option, value) = (text[(dot + 1)..equals].Trim(), text[(equals + 1)..].Trim());
            model.With(model.Defaults, option, value);
            settings._changes.Add((model, option, value));
        }

        return settings;
    }

    /// <summary>True for a text of the form <c>MODEL.OPTION=VALUE</c>.</summary>
    public static bool IsOne(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
        && text.IndexOf('=', StringComparison.Ordinal) is var equals && equals > dot + 1;

    /// <summary>The models that are changed.</summary>
    public IEnumerable<Model> Changed => _changes.Select(change => change.Model).Distinct();

    /// <summary>True where the width of a model is given, and so its number of parameters.</summary>
    public bool SetWidthOf(Model model) =>
        _changes.Any(change =>
            change.Model == model && change.Option.Equals(Width, StringComparison.OrdinalIgnoreCase));

    /// <summary>A model's options with the changes to it.</summary>
    public object Apply(Model model, object options) =>
        _changes.Where(change => change.Model == model)
            .Aggregate(options, (changed, change) => model.With(changed, change.Option, change.Value));
}
