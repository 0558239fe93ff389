using System.Text.Json;
using Bijectors.Data;
using Bijectors.Interactive;
using Bijectors.Testing;
using Bijectors.Training;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;
using TorchSharp;

namespace Bijectors.Tests.Interactive;

/// <summary>
/// The cells of the notebooks are run one after another, as in a notebook, and what each gives is shown. Packages are
/// those of this build.
/// </summary>
public class NotebookTests
{
    // What a C# cell sees without saying so.
    private static readonly string[] s_imports =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading.Tasks"];

    public static TheoryData<string> Notebooks() =>
        [.. Repository.Files(".ipynb", "examples").Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Every_cell_runs_and_shows_something(string notebook)
    {
        NotebookFormatters.Register();
        var options = ScriptOptions.Default.WithImports(s_imports).AddReferences(
            typeof(Flow).Assembly, typeof(Datasets).Assembly, typeof(InvertibilityReport).Assembly,
            typeof(Trainer).Assembly, typeof(torch).Assembly);
        var state = await CSharpScript.RunAsync("", options);
        var shown = 0;
        foreach (var cell in Cells(notebook))
        {
            state = await state.ContinueWithAsync(cell);
            if (state.ReturnValue is { } value)
            {
                Assert.Contains("class=\"bijectors\"", value.ToDisplayString("text/html"), StringComparison.Ordinal);
                shown++;
            }
        }

        Assert.InRange(shown, 1, int.MaxValue);
        foreach (var variable in state.Variables)
        {
            (variable.Value as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void A_notebook_that_loads_the_package_registers_the_formatters()
    {
        var extension = File.ReadAllText(
            Path.Combine(Repository.Root, "src", "Bijectors.Interactive", "extension.dib"));
        Assert.Equal($"{typeof(NotebookFormatters)}.{nameof(NotebookFormatters.Register)}();",
            extension.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    /// <summary>The code of a notebook's cells; packages are loaded already.</summary>
    private static List<string> Cells(string notebook)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, notebook)));
        return
        [
            .. document.RootElement.GetProperty("cells").EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
                .Select(cell => cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!)
                    .Where(line => !line.StartsWith("#r ", StringComparison.Ordinal)))
                .Select(lines => string.Concat(lines)),
        ];
    }
}
