using System.Text.Json.Nodes;
using Bijectors.Cli;

namespace Bijectors.Fuzz;

/// <summary>Command lines in this process, after Ctrl-C: what would train stops before its first step.</summary>
internal static class CommandLine
{
    private static readonly int[] s_exitCodes = [0, 1, 2, 130];

    /// <summary>Runs one and checks how it ends.</summary>
    /// <returns>The sentence of a refusal; null for an answer.</returns>
    /// <exception cref="Finding">It ended in another way.</exception>
    public static string? Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = Application.Run(args, new Terminal(output, error), new CancellationToken(canceled: true));
        var complaint = error.ToString();
        if (!s_exitCodes.Contains(exitCode))
        {
            throw new Finding($"exit code {exitCode}: {complaint}");
        }

        if (exitCode == 0)
        {
            return null;
        }

        // It may also be the value of an option.
        var mayBeJson = args.Contains("--json");
        var lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("warning: ", StringComparison.Ordinal)).ToList();
        var isClear = lines is [var only]
            && (only.StartsWith("error: ", StringComparison.Ordinal) || (mayBeJson && only[0] == '{'));
        return isClear
            ? Refusal.Check(lines[0][0] == '{' ? (string)JsonNode.Parse(lines[0])!["message"]! : lines[0])
            : throw new Finding($"exit code {exitCode} with {lines.Count} lines of error: {complaint}");
    }

    /// <summary>Stops where a command left a file that is not whole.</summary>
    public static void CheckLeftovers(string folder)
    {
        if (Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories).FirstOrDefault() is { } left)
        {
            throw new Finding($"it left {left}");
        }
    }
}
