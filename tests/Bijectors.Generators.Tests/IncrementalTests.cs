using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests;

/// <summary>
/// An edit that does not change the map regenerates nothing, and nothing of the compiler's is kept alive by a model.
/// </summary>
public class IncrementalTests
{
    private const string Source = """
        [GeneratedBijector]
        public sealed partial class M : Bijector
        {
            // a remark
            [Forward] private static Tensor Map(Tensor x) => torch.exp(2 * x);
        }
        """;

    [Fact]
    public void An_edit_in_another_file_regenerates_nothing() =>
        Assert.Equal(
            IncrementalStepRunReason.Unchanged,
            Rerun(c => c.ReplaceSyntaxTree(c.SyntaxTrees[2], c.SyntaxTrees[2]
                .WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From("class Other { int _n; }")))));

    [Fact]
    public void An_edited_comment_regenerates_nothing() =>
        Assert.Equal(IncrementalStepRunReason.Unchanged, Rerun(Edit("a remark", "another remark")));

    [Fact]
    public void An_edited_map_regenerates() =>
        Assert.Equal(IncrementalStepRunReason.Modified, Rerun(Edit("2 * x", "3 * x")));

    [Fact]
    public void Two_runs_emit_the_same_text()
    {
        var first = Compilations.Build(Source).Emitted;
        var second = Compilations.Build(Source).Emitted;
        Assert.Equal(first, second);
    }

    [Fact]
    public void Models_hold_nothing_of_the_compiler()
    {
        Assert.Equal([], Holdings(typeof(Model.BijectorModel), []));
        Assert.NotEmpty(Holdings(typeof(Leaky), []));
    }

    private static Func<CSharpCompilation, CSharpCompilation> Edit(string old, string @new) => c =>
    {
        var tree = c.SyntaxTrees[1];
        return c.ReplaceSyntaxTree(tree, tree.WithChangedText(
            Microsoft.CodeAnalysis.Text.SourceText.From(tree.ToString().Replace(old, @new, StringComparison.Ordinal))));
    };

    private static IncrementalStepRunReason Rerun(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var compilation = Compilations.Of(Source, "class Other { }");
        var driver = Compilations.Driver(track: true).RunGenerators(compilation);
        var result = driver.RunGenerators(edit(compilation)).GetRunResult().Results[0];
        return Assert.Single(Assert.Single(result.TrackedSteps[BijectorGenerator.ModelStep]).Outputs).Reason;
    }

    /// <summary>The members, at any depth, whose type is one of the compiler's.</summary>
    private static IEnumerable<string> Holdings(Type type, HashSet<Type> seen)
    {
        foreach (var property in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            foreach (var part in Parts(property.FieldType))
            {
                if (part.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true)
                {
                    yield return $"{type.Name}.{property.Name}";
                }
                else if (part.Namespace?.StartsWith("Bijectors", StringComparison.Ordinal) == true && seen.Add(part))
                {
                    var derived = part.Assembly.GetTypes().Where(part.IsAssignableFrom);
                    foreach (var found in derived.SelectMany(d => Holdings(d, seen)))
                    {
                        yield return found;
                    }
                }
            }
        }
    }

    private static IEnumerable<Type> Parts(Type type) => type.GetGenericArguments().SelectMany(Parts).Append(type);

    private sealed record Leaky(ISymbol Symbol);
}
