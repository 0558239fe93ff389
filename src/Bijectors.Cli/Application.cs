using System.CommandLine;
using System.Runtime.InteropServices;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The command line as a whole: what commands there are, and what becomes of errors.</summary>
internal static class Application
{
    private const string Summary =
        """
        Trains, compares and checks normalizing flows: models of a probability density that can both score data and draw
        samples.

        Start with:  bijectors compare
        It trains four flows on bundled digits and writes out/compare/report.html; no file and no network needed.
        "bijectors COMMAND --help" explains each command.
        """;

    private static readonly string s_details =
        $"""
        Exit codes:
        {ExitCodes.Lines()}
        """;

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, Terminal terminal, CancellationToken cancellation)
    {
        var global = new GlobalOptions();
        var root = new RootCommand(Summary)
        {
            CompareCommand.Build(terminal, cancellation),
            ExperimentCommand.Build(terminal, cancellation),
            TrainCommand.Build(terminal, cancellation),
            ResumeCommand.Build(terminal, cancellation),
            ListCommand.Build(terminal),
            DiffCommand.Build(terminal),
            ScoreCommand.Build(terminal),
            SampleCommand.Build(terminal),
            ServeCommand.Build(terminal, cancellation),
            DescribeCommand.Build(terminal),
            ConvertCommand.Build(terminal),
            CheckCommand.Build(terminal),
            BenchCommand.Build(terminal, cancellation),
            DoctorCommand.Build(terminal, cancellation),
            CompletionsCommand.Build(terminal),
        };
        global.AddTo(root);
        DetailedCommand.Explain(root, s_details);
        if (args.Length == 0)
        {
            args = ["--help"];
        }

        var parsed = root.Parse(args);
        global.Apply(parsed, terminal);
        if (parsed.Action is not System.CommandLine.Invocation.SynchronousCommandLineAction { ClearsParseErrors: true }
            && parsed.Errors.Count > 0)
        {
            var command = string.Join(' ', CommandNames(parsed.CommandResult));
            return terminal.Fail(ExitCode.Usage, $"{Complaint(parsed)}; see {command} --help.");
        }

        return Guarded(terminal, () => parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        }));
    }

    /// <summary>The one place where exceptions become sentences and exit codes.</summary>
    private static int Guarded(Terminal terminal, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (OperationCanceledException)
        {
            return terminal.Fail(ExitCode.Interrupted, "stopped before there was anything to keep.");
        }
        catch (Exception exception) when (exception is UserException or DataException or SavedModelException
            or NonFiniteLossException or CheckpointException or ArgumentException or IOException
            or UnauthorizedAccessException or InsufficientMemoryException)
        {
            return terminal.Fail(ExitCode.Failure, exception.Message);
        }
        catch (ExternalException exception)
        {
            return terminal.Fail(ExitCode.Failure, $"torch says: {exception.Message.Split('\n')[0]}");
        }
        catch (Exception exception)
        {
            return terminal.Fail(ExitCode.Internal, $"this is a bug, please report it: {exception}");
        }
    }

    private static string Complaint(ParseResult parsed) => parsed.UnmatchedTokens switch
    {
        [var token, ..] when token.StartsWith('-') => $"expected an option that there is, got '{token}'",
        [var token, ..] when parsed.CommandResult.Parent is null => $"expected a command, got '{token}'",
        [var token, ..] => $"expected nothing more, got '{token}'",
        _ => parsed.Errors[0].Message.TrimEnd('.'),
    };

    private static IEnumerable<string> CommandNames(System.CommandLine.Parsing.CommandResult result) =>
        (result.Parent is System.CommandLine.Parsing.CommandResult parent ? CommandNames(parent) : [])
            .Append(result.Parent is null ? "bijectors" : result.Command.Name);
}
