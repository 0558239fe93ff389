using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>
/// Where a command writes: results and progress to the output, one sentence for an error to the error stream.
/// </summary>
internal sealed class Terminal
{
    // Wide enough for every table: what is redirected to a file or a log has no width of its own.
    private const int RedirectedWidth = 240;

    public Terminal(TextWriter output, TextWriter error)
    {
        (Output, Error) = (output, error);
        IsInteractive = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected
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

    /// <summary>The output with tables and colours.</summary>
    public IAnsiConsole Ansi { get; }

    public void Line(string text) => Output.WriteLine(text);

    /// <summary>Says what is wrong, in one line, and gives the exit code back.</summary>
    public int Fail(int exitCode, string sentence)
    {
        Error.WriteLine($"error: {sentence.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
