using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Benchmarks.Compiling;

/// <summary>
/// What the generator and the analyzers add to the compilation of a project of 200 bijectors. The same project with the
/// emitted halves written out compiles the same code without them; the difference is theirs.
/// </summary>
internal static class GeneratorCost
{
    private const int Bijectors = 200;
    private const int WarmUp = 3;
    private const int Count = 9;

    private const string Without = "compiled, emitted halves as source";
    private const string Idle = "  of that, an analyzer that does nothing";
    private const string With = "compiled, with generator and analyzers";
    private const string Driver = "  of that, the generator";
    private const string Analyzers = "  of that, the analyzers";
    private const string Elsewhere = "generator again, other file edited";
    private const string Comment = "generator again, comment edited";
    private const string Map = "generator again, one map edited";

    /// <summary>Prints the medians.</summary>
    public static void Run()
    {
        var written = Templates.Files(Bijectors).Select((text, i) => ($"Bijector{i}.cs", text))
            .Append(("Other.cs", "class Other { }\n")).ToList();
        var emitted = Project.Driver().RunGenerators(Project.Compilation(Project.Parse(written)))
            .GetRunResult().GeneratedTrees
            .Select(tree => (tree.FilePath, tree.ToString())).ToList();
        Console.WriteLine(
            $"{Bijectors} bijectors of {Templates.Kinds} kinds, {Lines(written)} lines; "
            + $"{emitted.Count} emitted files, {Lines(emitted)} lines. {Count} rounds.");
        if (emitted.Count != Bijectors)
        {
            throw new InvalidOperationException(
                $"GeneratorCost: expected {Bijectors} emitted files, got {emitted.Count}.");
        }

        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            rounds.Time(Without, () => Project.Emit(AsSource([.. written, .. emitted], rounds)));
            rounds.Time(With, () => Project.Emit(Generated(written, rounds)));
            Edits(written, rounds);
        }

        rounds.Print();
        var (with, without) = (rounds[With], rounds[Without]);
        Console.WriteLine($"added: {Rounds.Text(with.Elapsed - without.Elapsed)}, "
            + $"processor {Rounds.Text(with.Processor - without.Processor)}");
    }

    private static Compilation AsSource(IReadOnlyList<(string, string)> files, Rounds rounds)
    {
        var compilation = Project.Compilation(Project.Parse(files));
        rounds.Time(Idle, () => Project.Analyze(compilation, [new IdleAnalyzer()]));
        return compilation;
    }

    private static Compilation Generated(IReadOnlyList<(string, string)> written, Rounds rounds)
    {
        var compilation = Project.Compilation(Project.Parse(written));
        var whole = rounds.Time(Driver, () =>
        {
            Project.Driver().RunGeneratorsAndUpdateCompilation(compilation, out var updated, out _);
            return updated;
        });
        foreach (var (analyzer, milliseconds) in rounds.Time(
            Analyzers, () => Project.Analyze(whole, Project.Analyzers)))
        {
            rounds.Add($"    {analyzer}", milliseconds);
        }

        return whole;
    }

    /// <summary>What an editor does at a keystroke: the driver remembers its last run.</summary>
    private static void Edits(IReadOnlyList<(string, string)> written, Rounds rounds)
    {
        var compilation = Project.Compilation(Project.Parse(written));
        var driver = Project.Driver().RunGenerators(compilation);
        Rerun(Elsewhere, "class Other { }", "class Other { int Number() => 3; }");
        Rerun(Comment, "by a network.", "by one network.");
        Rerun(Map, "raw + ", "raw + 1");

        void Rerun(string name, string before, string after)
        {
            var tree = compilation.SyntaxTrees.First(t => t.ToString().Contains(before, StringComparison.Ordinal));
            var text = tree.ToString().Replace(before, after, StringComparison.Ordinal);
            var edited = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
            rounds.Time(name, () => driver.RunGenerators(edited));
        }
    }

    private static int Lines(IEnumerable<(string, string Text)> files) =>
        files.Sum(file => file.Text.Count(c => c == '\n'));
}
