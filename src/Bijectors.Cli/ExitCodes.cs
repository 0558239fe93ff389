namespace Bijectors.Cli;

/// <summary>The exit codes as a table: for the help, the documentation and errors as JSON.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<(ExitCode Code, string Name, string Meaning)> All { get; } =
    [
        (ExitCode.Success, "success", "Done."),
        (ExitCode.Failure, "failure",
            "Something given does not exist, does not fit or cannot be written; or a check failed."),
        (ExitCode.Usage, "usage", "The command line itself makes no sense."),
        (ExitCode.Internal, "internal", "A bug of Bijectors."),
        (ExitCode.Interrupted, "interrupted",
            "Stopped by Ctrl-C or another signal; what had been trained, if anything, is written."),
    ];

    /// <summary>The name of a code, as in errors that are written as JSON.</summary>
    public static string NameOf(ExitCode code) => All.First(row => row.Code == code).Name;

    /// <summary>The table as lines for the help.</summary>
    public static string Lines() =>
        string.Join('\n', All.Select(row => $"  {(int)row.Code,-5}{row.Name,-13}{row.Meaning}"));
}
