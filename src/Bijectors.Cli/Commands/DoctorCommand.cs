using System.CommandLine;
using System.Text;
using Bijectors.Testing;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary><c>bijectors doctor</c>.</summary>
internal static class DoctorCommand
{
    private const string Summary = "Checks that torch calculates right on this machine's processor.";

    private const int Width = 110;

    private static readonly string s_details =
        $"""
        Every operation of torch that Bijectors uses is asked for its value and its gradients, in float32 and float64,
        at shapes that fill no vector, in several layouts of memory and with 1, 2 and 3 threads, and compared with plain
        loops in float64. Freed memory is filled with NaN before each call, so that what was never written shows.
        Torch's convolutions are asked too, for networks of your own.

        One line for each operation that is wrong, and what follows from it; the exit code is 1 then. Run it where
        training stops at NaN, or a law does not hold and you do not see why.

        Operations:
        {Wrapped(TorchCheck.Operations)}

        Examples:
          bijectors doctor
          bijectors doctor --quick
          bijectors doctor nn.functional.conv2d matmul --json
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var operations = new Argument<string[]>("operation")
        {
            Description = "Which operations, by their names in torch; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var quick = new Option<bool>("--quick") { Description = "Each call once, with 1 and 2 threads." };
        var spoiltValue = Spoilt("--break", "value");
        var spoiltGradient = Spoilt("--break-gradient", "gradient");
        var command = new DetailedCommand("doctor", Summary, s_details)
        {
            operations, quick, spoiltValue, spoiltGradient,
        };
        command.Gives(terminal, line =>
        {
            var options = (line.GetValue(quick) ? TorchCheckOptions.Quick : TorchCheckOptions.Full) with
            {
                Operations = line.GetValue(operations) ?? [],
                SpoiltValue = line.GetValue(spoiltValue),
                SpoiltGradient = line.GetValue(spoiltGradient),
            };
            return new DoctorResult(Machine.Facts(), Check(terminal, options, cancellation));
        });
        return command;
    }

    // For the tests: an operation made wrong, to show that it is seen.
    private static Option<string?> Spoilt(string name, string what) =>
        new(name) { Description = $"Makes the {what} of an operation wrong.", HelpName = "OPERATION", Hidden = true };

    private static TorchCheckReport Check(
        Terminal terminal, TorchCheckOptions options, CancellationToken cancellation) =>
        terminal is { IsInteractive: true, IsTalking: true }
            ? terminal.Ansi.Status().Start("torch", seen => TorchCheck.Run(options, new Listener(seen), cancellation))
            : TorchCheck.Run(options, cancellation: cancellation);

    private static string Wrapped(IEnumerable<string> names)
    {
        var text = new StringBuilder();
        var column = Width;
        foreach (var name in names.Select(name => name.Contains(' ', StringComparison.Ordinal) ? $"\"{name}\"" : name))
        {
            column += name.Length + 1;
            if (column > Width)
            {
                text.Append(text.Length == 0 ? " " : "\n ");
                column = name.Length + 2;
            }

            text.Append(' ').Append(name);
        }

        return text.ToString();
    }

    private sealed class Listener(StatusContext status) : IProgress<string>
    {
        public void Report(string value) => status.Status = Markup.Escape(value);
    }
}
