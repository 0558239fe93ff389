using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>How the learning rate runs, as a command line spells it.</summary>
/// <param name="Name">The name of the schedule.</param>
/// <param name="Warmup">Over how many steps the rate rises; a schedule with a rise of its own has none.</param>
/// <param name="Power">The power of what is left of the run, of a polynomial one.</param>
internal sealed record RateCourse(string Name, int Warmup, double Power)
{
    public const string Cosine = "cosine";
    public const string Polynomial = "polynomial";
    public const string OneCycle = "one-cycle";
    private const string Constant = "constant";

    /// <summary>The names of schedules.</summary>
    public static IReadOnlyList<string> Names { get; } = [Cosine, Polynomial, Constant, OneCycle];

    /// <summary>The schedule.</summary>
    public Schedule Make() => Name switch
    {
        Cosine => Schedule.Cosine(Warmup),
        Polynomial => Schedule.Polynomial(Warmup, Power),
        Constant => Schedule.Constant(Warmup),
        OneCycle => Schedule.OneCycle(),
        _ => throw new UserException($"schedule: expected {string.Join(", ", Names)}, got '{Name}'."),
    };

    /// <summary>The name of a schedule that is given.</summary>
    public static string NameOf(Schedule schedule, int warmup, double power) =>
        Names.First(name => $"{new RateCourse(name, warmup, power).Make()}" == $"{schedule}");

    /// <summary>The options of a command line.</summary>
    public override string ToString()
    {
        var how = Name switch
        {
            OneCycle => "",
            Polynomial => $" --power {Power} --warmup {Warmup}",
            _ => $" --warmup {Warmup}",
        };
        return $"--schedule {Name}{how}";
    }
}
