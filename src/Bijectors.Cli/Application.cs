using System.CommandLine;
using System.Runtime.InteropServices;
using Bijectors.Data;
using Bijectors.Distributed;
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
    public static int Run(
        string[] args, Terminal terminal, CancellationToken cancellation, Communicator? ranks = null)
    {
        var shared = new SharedCommand(ranks ?? Communicator.Alone);
        var global = new GlobalOptions();
        var root = new RootCommand(Summary)
        {
            CompareCommand.Build(terminal, cancellation),
            ExperimentCommand.Build(terminal, shared, cancellation),
            TrainCommand.Build(terminal, shared, cancellation),
            ResumeCommand.Build(terminal, shared, cancellation),
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

        if (shared.Ranks.Size > 1 && parsed.CommandResult.Command is DetailedCommand { IsShared: false } single
            && parsed.Action == single.Action)
        {
            var names = root.Subcommands.OfType<DetailedCommand>().Where(row => row.IsShared).Select(row => row.Name);
            return terminal.Fail(
                ExitCode.Usage,
                $"{single.Name}: expected one process, got {shared.Ranks.Size}; under mpirun there are "
                + $"{string.Join(", ", names)}.");
        }

        return Guarded(terminal, shared, () => parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        }));
    }

    /// <summary>The one place where exceptions become sentences and exit codes.</summary>
    private static int Guarded(Terminal terminal, SharedCommand shared, Func<int> action)
    {
        try
        {
            return action();
        }
        catch (SharedFailureException exception)
        {
            return terminal.Fail(exception.Code, exception.Message);
        }
        catch (Exception exception)
        {
            var (code, sentence) = Told(exception);

            // All ranks come to these together.
            var isShared = exception is OperationCanceledException or NonFiniteLossException
                || exception.InnerException is NonFiniteLossException;
            return shared.Fail(terminal, code, sentence, isShared);
        }
    }

    /// <summary>What a person is told of an exception.</summary>
    private static (ExitCode Code, string Sentence) Told(Exception exception) => exception switch
    {
        OperationCanceledException => (ExitCode.Interrupted, "stopped before there was anything to keep."),
        UserException or DataException or SavedModelException or NonFiniteLossException or CheckpointException
            or ArgumentException or IOException or UnauthorizedAccessException or InsufficientMemoryException =>
            (ExitCode.Failure, exception.Message),
        ExternalException => (ExitCode.Failure, $"torch says: {exception.Message.Split('\n')[0]}"),
        _ => (ExitCode.Internal, $"this is a bug, please report it: {exception}"),
    };

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
