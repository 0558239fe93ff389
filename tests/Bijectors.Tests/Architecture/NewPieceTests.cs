using System.Text.RegularExpressions;
using Bijectors.Testing;
using Bijectors.Testing.RandomFlows;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Tests.Architecture;

/// <summary>A new piece touches the files that CONTRIBUTING says, and no others.</summary>
public sealed partial class NewPieceTests
{
    private static readonly Dictionary<string, string[]> s_pieces = new()
    {
        ["elementwise bijector"] = [.. CurveTable.All.Select(curve => curve.Name)],
        ["network"] = [.. NetworkType.All.Select(network => network.Name)],
        ["distribution"] = [.. Public(typeof(Distribution)).Except([nameof(Flow)])],
        ["model of the zoo"] = [.. Models.All.Select(model => model.OptionsType.Name)],
        ["objective"] = [.. Public(typeof(Objective))],
        ["primitive of the compiler"] = [.. Rows().Matches(Text(Primitives)).Select(row => row.Groups[1].Value)],
    };

    private const string Primitives = "src/Bijectors.Generators/Language/Primitives.cs";

    public static TheoryData<string> Kinds => [.. s_pieces.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_piece_of_a_kind_is_listed_where_CONTRIBUTING_says(string kind)
    {
        Assert.True(s_pieces[kind].Length >= 2);
        var (count, files) = Table()[kind];
        Assert.Equal(count, files.Length);

        // Where a row needs it: a method is declared there, not listed.
        var found = Registries.Of(s_pieces[kind])
            .Concat(kind == "primitive of the compiler" ? ["src/Bijectors.Core/Elementwise/Elementwise.cs"] : []);
        Assert.Equal(files.Order(), found.Order());
    }

    [Theory]
    [InlineData("class C { object[] All = [new A(), new B()]; }", true)]
    [InlineData("class C { object[] All = new object[] { new A(), \"B\" }; }", true)]
    [InlineData("enum C { A, B }", true)]
    [InlineData("class C { object Of(int i) => i switch { 0 => new A(), _ => new B() }; }", true)]
    [InlineData("class C { object First => new A(); object Second => new B(); }", false)]
    [InlineData("class C { object[] All = [new A()]; object[] Others = [new B()]; } // A, B", false)]
    public void A_list_is_one_that_names_the_pieces_together(string source, bool expected) =>
        Assert.Equal(expected, Registries.In(source, ["A", "B"]));

    [Fact]
    public void An_elementwise_bijector_is_drawn_as_it_is()
    {
        var curve = CurveTable.In(typeof(NewPieces).Assembly).Single(curve => curve.Name == nameof(NewPieces.Steep));
        Assert.Null(curve.Map(new(-1, 0)));
        var step = new CurveStep(curve, new(0.5, -1));
        Assert.Equal("new Steep(0.5, -1)", step.Write(Shape.Scalar, 0));
        Assert.Equal(Math.Sinh(1) - 1, step.Map.Forward(2), 12);
        Assert.Equal(2, step.Map.Inverse(Math.Sinh(1) - 1), 12);
        var flow = new RandomFlow(Shape.Vector(2), Sequence.Of(step), null);
        Assert.True(Tameness.Holds(flow.Steps, flow.Shape));
        BijectorLaws.Check(flow.Case(0));
    }

    [Fact]
    public void A_network_is_drawn_as_it_is()
    {
        var type = NetworkType.In(typeof(NewPieces).Assembly).Single(type => type.Name == nameof(NewPieces.Waves));
        Assert.False(type.TakesOutputs);
        Assert.InRange(type.Raw(10), 0.1, 3);
        var step = new CouplingStep(CouplingKind.Additive, new(type, Hidden: 2, Layers: 0, ReadsContext: false));
        Assert.Equal("new AdditiveCoupling(new Waves(2, 2, g))", step.Write(Shape.Of(3, 4), 0));
        BijectorLaws.Check(new RandomFlow(Shape.Of(3, 4), Sequence.Of(step), null).Case(0));
    }

    private static IEnumerable<string> Public(Type kind) =>
        kind.Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(kind)).Select(type => type.Name);

    /// <summary>The kinds of the table, each with its number and the files that it names.</summary>
    private static Dictionary<string, (int Count, string[] Files)> Table() => Lines().Matches(Text("CONTRIBUTING.md"))
        .ToDictionary(
            line => line.Groups[1].Value,
            line => (
                int.Parse(line.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
                Paths().Matches(line.Groups[3].Value).Select(path => path.Groups[1].Value).ToArray()));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"^\| ([^|]+) \| (\d) \| (.*) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Lines();

    [GeneratedRegex("`([^`]+\\.cs)`")]
    private static partial Regex Paths();

    [GeneratedRegex("(?:Unary|Known)\\(\"([^\"]+)\"")]
    private static partial Regex Rows();
}
