using System.CommandLine;

namespace Bijectors.Cli;

/// <summary>Which options a command line names.</summary>
internal static class GivenOption
{
    /// <summary>Whether an option is there, whatever its value: one that is missing or wrong is told
    /// elsewhere.</summary>
    public static bool IsGiven(this System.CommandLine.Parsing.CommandResult result, Option option) =>
        result.GetResult(option) is { Implicit: false };

    /// <inheritdoc cref="IsGiven(System.CommandLine.Parsing.CommandResult, Option)"/>
    public static bool IsGiven(this ParseResult line, Option option) => line.GetResult(option) is { Implicit: false };
}
