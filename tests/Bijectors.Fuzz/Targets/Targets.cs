namespace Bijectors.Fuzz;

/// <summary>All that takes input from outside.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        .. FileTargets.All(), new SpecTarget(), new ModelTarget(declarations: false),
        new ModelTarget(declarations: true), new RunTarget(), new CommandTarget(), new ServiceTarget(),
        new DeclarationTarget(),
    ];

    public static Target Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException(
            $"Expected one of {string.Join(", ", All.Select(target => target.Name))}, got {name}.");
}
