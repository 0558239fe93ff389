using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bijectors.Files;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>
/// Where a command writes: results and progress to the output, one sentence for an error to the error stream.
/// </summary>
internal sealed class Terminal
{
    // Wide enough for every table: what is redirected to a file or a log has no width of its own.
    private const int RedirectedWidth = 240;

    private static readonly JsonSerializerOptions s_format =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _warnings = [];

    /// <param name="output">Takes results and progress.</param>
    /// <param name="error">Takes errors.</param>
    /// <param name="isOwn">False where what is written passes through another process, as mpirun, which looks like a
    /// terminal and is none.</param>
    public Terminal(TextWriter output, TextWriter error, bool isOwn = true)
    {
        (Output, Error) = (output, error);
        IsInteractive = isOwn && ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("CI") is null or "";
        Ansi = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!IsInteractive)
        {
            Ansi.Profile.Width = RedirectedWidth;
        }
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>True where a person watches, so that lines may be drawn over.</summary>
    public bool IsInteractive { get; }

    /// <summary>True under --json: the result is one JSON object, errors are one too, and nothing else is
    /// written.</summary>
    public bool IsJson { get; set; }

    /// <summary>True under --quiet: there is no progress, and nothing is told on the way.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>True where progress and the like are told.</summary>
    public bool IsTalking => !IsJson && !IsQuiet;

    /// <summary>The output with tables and colours, for <see cref="CommandResult.Print"/>.</summary>
    public IAnsiConsole Ansi { get; }

    /// <summary>Writes a line of a result, for <see cref="CommandResult.Print"/>.</summary>
    public void Line(string text) => Output.WriteLine(text);

    /// <summary>Tells something on the way: what is being done, and how far it is.</summary>
    public void Note(string text)
    {
        if (IsTalking)
        {
            Output.WriteLine(text);
        }
    }

    /// <summary>Warns of something: among the rest, on the error stream under --quiet, and beside the result under
    /// --json.</summary>
    public void Warn(string text)
    {
        if (IsJson)
        {
            _warnings.Add(text);
        }
        else if (IsQuiet)
        {
            Error.WriteLine($"warning: {Sentence(text)}");
        }
        else
        {
            Output.WriteLine($"Warning: {Sentence(text)}");
        }
    }

    /// <summary>Writes what a command gives, and gives its exit code back.</summary>
    /// <param name="command">The name of the command.</param>
    /// <param name="result">What it gives.</param>
    public int Give(string command, CommandResult result)
    {
        if (IsJson)
        {
            var json = new JsonObject { ["command"] = command };
            foreach (var (key, value) in result.ToJson())
            {
                json[key] = value?.DeepClone();
            }

            json["warnings"] = new JsonArray([.. _warnings.Select(text => (JsonNode?)JsonValue.Create(text))]);
            Output.WriteLine(json.ToJsonString(s_format));
        }
        else if (!IsQuiet || result.IsAnswer)
        {
            result.Print(this);
        }

        return result.Complaint is { } sentence ? Fail(result.ExitCode, sentence) : (int)result.ExitCode;
    }

    /// <summary>Says what is wrong, in one line, and gives the exit code back.</summary>
    public int Fail(ExitCode exitCode, string sentence)
    {
        var line = Sentence(sentence);
        Error.WriteLine(IsJson
            ? new JsonObject
            {
                ["error"] = ExitCodes.NameOf(exitCode),
                ["message"] = line,
                ["exitCode"] = (int)exitCode,
            }.ToJsonString(s_format)
            : $"error: {line}");
        return (int)exitCode;
    }

    private static string Sentence(string text) => OneLine.Short(text.ReplaceLineEndings(" "));
}
