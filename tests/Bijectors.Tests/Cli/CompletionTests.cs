using System.Diagnostics;

namespace Bijectors.Tests.Cli;

public sealed class CompletionTests : CommandLineTest
{
    [Theory]
    [InlineData("bash", "complete -o filenames -F")]
    [InlineData("zsh", "#compdef bijectors")]
    [InlineData("fish", "complete -c bijectors")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Each_shell_has_a_script_that_asks_the_program(string shell, string expected)
    {
        var run = Line("completions", shell);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(expected, run.Output);
        Assert.Contains("[suggest:", run.Output);
        Assert.Contains("tcsh", Failure(2, "completions", "tcsh"));
    }

    [Theory]
    [InlineData("bijectors tr", "train")]
    [InlineData("bijectors train --mo", "--model")]
    [InlineData("bijectors train --model mix", "mixerflow")]
    [InlineData("bijectors train --schedule c", "constant,cosine")]
    [InlineData("bijectors train --data mo", "moons")]
    [InlineData("bijectors bench maf-d7", "maf-d784")]
    [InlineData("bijectors completions b", "bash")]
    public void The_program_says_what_may_stand_at_the_cursor(string line, string expected)
    {
        var run = Line($"[suggest:{line.Length}]", line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var word = line.Split(' ')[^1];
        var found = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name.StartsWith(word, StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(',', found.Order()));
    }

    [Fact]
    public void Fish_completes_commands_options_and_names()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/fish"))
        {
            return;
        }

        var program = Path.Combine(AppContext.BaseDirectory, "bijectors.dll");
        File.WriteAllText(At("bijectors"), $"#!/bin/sh\nexec dotnet exec '{program}' \"$@\"\n");
        File.SetUnixFileMode(At("bijectors"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(At("script"), $"""
            cd '{Folder}'
            set -x PATH '{Folder}' $PATH
            bijectors completions fish | source
            complete -C 'bijectors des'
            complete -C 'bijectors train --mod'
            complete -C 'bijectors train --model mix'
            """);
        using var fish = Process.Start(
            new ProcessStartInfo("/usr/bin/fish", ["--no-config", At("script")]) { RedirectStandardOutput = true })!;
        var output = fish.StandardOutput.ReadToEnd();
        fish.WaitForExit();
        Assert.Equal(
            ["describe", "--model", "mixerflow"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Bash_completes_commands_options_names_and_files()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = Path.Combine(AppContext.BaseDirectory, "bijectors.dll");
        File.WriteAllText(At("moons.csv"), "");
        File.WriteAllText(At("script"), $$"""
            cd '{{Folder}}'
            bijectors() { dotnet exec '{{program}}' "$@"; }
            eval "$(bijectors completions bash)"
            try() {
                COMP_LINE="$1" COMP_POINT=${#1} COMPREPLY=()
                read -ra COMP_WORDS <<< "$1"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _bijectors_completions
                echo "${COMPREPLY[*]}"
            }
            try "bijectors des"
            try "bijectors train --mo"
            try "bijectors train --model mix"
            try "bijectors score model --data moons.c"
            complete -p bijectors
            """);
        using var bash = Process.Start(new ProcessStartInfo("bash", [At("script")])
        {
            RedirectStandardOutput = true,
        })!;
        var output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(
            [
                "describe", "--model", "mixerflow", "moons.csv",
                "complete -o filenames -F _bijectors_completions bijectors",
            ],
            output.TrimEnd().Split('\n'));
    }
}
