using Bijectors.Generators.Language;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>
/// A failure of the compiler, or names that are alike, on one class: the others keep their generated halves.
/// </summary>
public sealed class IsolationTests : IDisposable
{
    private const string Usings = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch;\n";
    private const string Innocent = "[GeneratedBijector] public sealed partial class Innocent : Bijector { "
        + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }\n";
    private const string Guilty = "[GeneratedBijector] public sealed partial class Guilty : Bijector { "
        + "[Forward] private static Tensor Map(Tensor x) => torch.exp(torch.special.i0(x)); }\n";

    // A function of torch that has no row, until a test gives it a bad one. Tests run one after another.
    private const string Function = "i0";

    private static Dictionary<string, Primitive> Rows => (Dictionary<string, Primitive>)Primitives.All;

    [Fact]
    public void A_failure_of_the_analysis_is_reported_on_its_class() =>
        Fails(Rows["exp"] with
        {
            Name = Function, At = _ => throw new InvalidTimeZoneException("of {0}\nno kind"),
        }, "System.InvalidTimeZoneException: of {0} no kind");

    [Fact]
    public void A_failure_of_the_emitter_is_reported_on_its_class() =>
        Fails(Rows["exp"] with { Name = Function, Inverse = "torch.log({what})" }, "System.ArgumentException: ");

    [Fact]
    public void A_failure_of_the_parser_is_reported_on_its_class() =>
        Fails(Rows["exp"] with { Name = Function, Forward = null! }, "System.NullReferenceException: ");

    [Fact]
    public void A_cancellation_is_none()
    {
        Rows[Function] = Rows["exp"] with { Name = Function, At = _ => throw new OperationCanceledException() };
        var compilation = Compilations.OfFiles(SameValues.Latest, Usings + Guilty);
        var result = Compilations.Driver().RunGenerators(compilation).GetRunResult();
        Assert.IsType<OperationCanceledException>(Assert.Single(result.Results).Exception);
    }

    [Fact]
    public void Very_long_chains_are_compiled_or_refused()
    {
        var chain = string.Concat(Enumerable.Range(0, 400).Select(i => $" + {i}"));
        SameValues.Check("a long sum", Compilations.OfFiles(
            SameValues.Latest, Usings + Innocent.Replace("torch.exp(x)", "x" + chain, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_class_that_is_marked_twice_is_an_error_of_its_own()
    {
        var twice = Guilty.Replace("torch.special.i0(x)", "x", StringComparison.Ordinal);
        var (emitted, diagnostics, _) = Compilations.Build(Compilations.OfFiles(
            SameValues.Latest, Usings + Innocent, Usings + twice,
            Usings + "[GeneratedBijector, GeneratedBijector] public sealed partial class Guilty { }"));
        Assert.Equal(["CS0579"], diagnostics.Select(d => d.Id).Distinct());
        Assert.Equal(2, emitted.Count);
    }

    [Theory]
    [InlineData("classes that differ in case", "{0}class Foo{1} {0}class foo{1} {0}class FOO{1}")]
    [InlineData("a type parameter and underscores",
        "{0}class F<T>{1} {0}class F_T_{1} {0}class F<T, U>{1} {0}class F{1} {0}class F1{1}")]
    [InlineData("a namespace and a nesting", "namespace A.B {{ {0}class C{1} }} namespace A {{ partial class B_ {{ "
        + "{0}class C{1} }} }} partial class A_B {{ {0}class C{1} }} partial class A_B<T> {{ {0}class C{1} }}")]
    [InlineData("namespaces that differ in case", "namespace A.b {{ {0}class C{1} }} namespace a.B {{ {0}class C{1} }} "
        + "namespace a {{ partial class @event {{ {0}class @class{1} {0}class Class{1} }} }}")]
    [InlineData("letters that fold to others",
        "{0}class I{1} {0}class i{1} {0}class \u0130{1} {0}class \u0131{1} {0}class \u01c5{1} {0}class \u01c6{1} "
        + "{0}class K{1} {0}class \u212a{1} {0}class a\u0301{1} {0}class a\u200b\u203fb{1}")]
    public void Names_that_are_alike_are_those_of_several_files(string what, string classes)
    {
        const string Before = "[GeneratedBijector] internal sealed partial ";
        const string After =
            " : global::Bijectors.Bijector { [Forward] private static Tensor Map(Tensor x) => torch.exp(x); }";
        var source = string.Format(System.Globalization.CultureInfo.InvariantCulture, classes, Before, After)
            .Replace("\u200b", "", StringComparison.Ordinal);
        SameValues.Check(what, Compilations.OfFiles(SameValues.Latest, Usings + source));
    }

    public void Dispose() => Rows.Remove(Function);

    private static void Fails(Primitive row, string message)
    {
        Rows[Function] = row;
        var compilation = Compilations.OfFiles(SameValues.Latest, Usings + Innocent, Usings + Guilty);
        var (emitted, diagnostics, _) = Compilations.Build(compilation);
        var only = Assert.Single(diagnostics);
        Assert.Equal("BIJ0007", only.Id);
        Assert.Contains(message, only.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("report it", only.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal("Guilty", only.Location.SourceTree!.ToString()
            .Substring(only.Location.SourceSpan.Start, only.Location.SourceSpan.Length));
        Assert.Contains(emitted, e => e.Contains("partial class Innocent", StringComparison.Ordinal)
            && e.Contains("torch.log(y)", StringComparison.Ordinal));
    }
}
