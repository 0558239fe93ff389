using System.CommandLine;
using System.Globalization;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The options that say where a run is saved while it runs, and whether it is resumed from there.</summary>
internal sealed class CheckpointOptions
{
    private readonly Option<string?> _path = new("--checkpoint")
    {
        Description = "Where to save the run on the way: a file, or a folder that is there. What is killed goes on "
            + "from it with --resume, as if nothing had happened.",
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
        Description = "Goes on from the checkpoint; where there is none yet, the run begins. All other options must be "
            + "the same.",
    };

    public void AddTo(Command command)
    {
        command.Add(_path);
        command.Add(_every);
        command.Add(_resume);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_path) is null && (result.GetValue(_resume) || result.GetValue(_every) is not null))
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

    /// <summary>What the command line asks for; null for no checkpoints.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="run">What identifies the run.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public Checkpoints? Read(ParseResult line, IReadOnlyList<(string Name, string Value)> run)
    {
        if (line.GetValue(_path) is not { } path)
        {
            return null;
        }

        var every = line.GetValue(_every) is { } text ? Interval(text) : null;
        var checkpoints = new Checkpoints(path)
        {
            EverySteps = every?.Steps,
            EverySeconds = every?.Seconds,
            Resume = line.GetValue(_resume),
            Run = run,
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
