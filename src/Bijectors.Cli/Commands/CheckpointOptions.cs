using System.CommandLine;
using System.Globalization;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The options that say where a run is saved while it runs, and whether it is resumed from there.</summary>
internal sealed class CheckpointOptions
{
    private readonly Option<string?> _path = new("--checkpoint")
    {
        Description = "Where to save the run on the way: a file, or a folder that is there. What is killed "
            + "continues from it with --resume, as if nothing had happened.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _every = new("--checkpoint-every")
    {
        Description = "How often: a number of steps, or of seconds as in 30s. Without it every "
            + $"{Checkpoints.UsualSeconds} seconds.",
        HelpName = "N|Ns",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Continues from the checkpoint; where there is none yet, the run begins. All other options must "
            + "be the same.",
    };

    private readonly Option<string?> _run = new("--run")
    {
        Description = "A folder that takes all of the run: its options, log, curves, checkpoint, model and results. "
            + "\"bijectors resume FOLDER\" continues it.",
        HelpName = "FOLDER",
    };

    public void AddTo(Command command)
    {
        command.Add(_run);
        command.Add(_path);
        command.Add(_every);
        command.Add(_resume);
        command.Validators.Add(result =>
        {
            // Their values may be what is wrong with the line.
            var (run, path) = (result.IsGiven(_run), result.IsGiven(_path));
            if (run && (path || result.IsGiven(_resume)))
            {
                result.AddError("expected --run without --checkpoint and --resume, got both; the folder has a "
                    + "checkpoint, and \"bijectors resume FOLDER\" continues from it");
            }
            else if (!run && !path && (result.IsGiven(_resume) || result.IsGiven(_every)))
            {
                result.AddError("expected --checkpoint PATH with --resume and --checkpoint-every, got none");
            }
        });
        _every.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Interval(token.Value) is null)
            {
                result.AddError(
                    "--checkpoint-every: expected a number of steps or seconds, as in 500 or 30s, got "
                    + $"'{token.Value}'");
            }
        });
    }

    /// <summary>Whether a command line names a directory for the run.</summary>
    public bool Names(System.CommandLine.Parsing.CommandResult result) => result.IsGiven(_run);

    /// <summary>The directory of the run; null for none.</summary>
    public RunFolder? Run(ParseResult line) => line.GetValue(_run) is { } path ? new(path) : null;

    /// <summary>How often the run is saved, as it is given; null for as often as usual.</summary>
    public string? Every(ParseResult line) => line.GetValue(_every);

    /// <summary>What the command line asks for; null for no checkpoints.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public Checkpoints? Read(ParseResult line) =>
        line.GetValue(_path) is { } path ? At(path, Every(line), line.GetValue(_resume)) : null;

    /// <summary>Checkpoints at a path.</summary>
    /// <param name="path">The file or the folder.</param>
    /// <param name="every">How often, as in <c>500</c> or <c>30s</c>; null for as often as usual.</param>
    /// <param name="resume">Whether the run continues from there.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static Checkpoints At(string path, string? every, bool resume)
    {
        var interval = every is null ? null : Interval(every);
        var checkpoints = new Checkpoints(path)
        {
            EverySteps = interval?.Steps,
            EverySeconds = interval?.Seconds,
            Resume = resume,
        };
        OutputFolder.CheckFile(checkpoints.File);
        return checkpoints;
    }

    private static (long? Steps, double? Seconds)? Interval(string text)
    {
        const NumberStyles Real = NumberStyles.AllowDecimalPoint;
        if (text.EndsWith('s'))
        {
            return double.TryParse(text[..^1], Real, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? (null, seconds)
                : null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var steps) && steps > 0
            ? (steps, null)
            : null;
    }
}
