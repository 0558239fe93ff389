namespace Bijectors.Cli;

/// <summary>Scripts for shells, which ask the program itself what may stand at the cursor.</summary>
internal static class CompletionScripts
{
    // Files are completed where the program knows nothing that fits.
    private const string Bash =
        """
        # Completions of bijectors for bash: eval "$(bijectors completions bash)"
        _bijectors_completions()
        {
            local line="bijectors${COMP_LINE#"${COMP_WORDS[0]}"}"
            local point=$((COMP_POINT + ${#line} - ${#COMP_LINE}))
            local current="${COMP_WORDS[COMP_CWORD]}"
            local words
            words="$("${COMP_WORDS[0]}" "[suggest:${point}]" "${line}" 2>/dev/null)"
            COMPREPLY=($(compgen -W "${words}" -- "${current}"))
            if [ ${#COMPREPLY[@]} -eq 0 ]; then
                COMPREPLY=($(compgen -f -- "${current}"))
            fi
        }
        complete -o filenames -F _bijectors_completions bijectors
        """;

    private const string Zsh =
        """
        #compdef bijectors
        # Completions of bijectors for zsh: source <(bijectors completions zsh)
        _bijectors() {
            local line="bijectors${BUFFER#"${words[1]}"}"
            local point=$((CURSOR + ${#line} - ${#BUFFER}))
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${point}]" "${line}" 2>/dev/null)}")
            found=(${(M)found:#${words[CURRENT]}*})
            if (( ${#found} )); then
                compadd -- "${found[@]}"
            else
                _files
            fi
        }
        compdef _bijectors bijectors
        """;

    private const string Fish =
        """
        # Completions of bijectors for fish: bijectors completions fish | source
        function __bijectors_completions
            set -l words (commandline -opc)
            set -l line (string join -- ' ' bijectors $words[2..] (commandline -ct))
            eval $words[1] "'[suggest:"(string length -- $line)"]'" (string escape -- $line) 2>/dev/null
        end
        complete -c bijectors -a '(__bijectors_completions)'
        """;

    private const string PowerShell =
        """
        # Completions of bijectors for PowerShell: bijectors completions pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName bijectors -ScriptBlock {
            param($word, $tree, $cursor)
            $command = $tree.CommandElements[0].Value
            $text = $tree.ToString()
            $name = $tree.CommandElements[0].Extent.Text
            $line = 'bijectors' + $text.Substring([Math]::Min($name.Length, $text.Length))
            $point = $cursor - $tree.Extent.StartOffset + $line.Length - $text.Length
            & $command "[suggest:$point]" $line.PadRight($point) 2>$null |
                Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    private static readonly (string Shell, string Script)[] s_all =
        [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("pwsh", PowerShell)];

    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = [.. s_all.Select(row => row.Shell)];

    /// <summary>The script of a shell.</summary>
    public static string Of(string shell) => s_all.First(row => row.Shell == shell).Script;
}
