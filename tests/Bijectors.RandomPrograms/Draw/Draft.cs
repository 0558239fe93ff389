using System.Globalization;

namespace Bijectors.RandomPrograms.Draw;

/// <summary>A program while it is drawn: everything but the statements.</summary>
internal sealed class Draft(Chance chance, Features features)
{
    // Names that emitted code would like to have, and words that are keywords in some places only.
    private static readonly string[] s_wanted =
    [
        "y", "logDet", "scope", "eventRank", "batchRank", "x1", "x2", "x3", "y1", "y2", "shape", "shape1", "logSlope",
        "result", "input", "output", "value", "field", "global", "record", "required", "file", "scoped", "async",
        "partial", "where",
    ];

    private readonly List<string> _members = [];
    private readonly Dictionary<string, int> _forms = [];
    private readonly HashSet<string> _shared = [];
    private readonly HashSet<string> _taken = [];
    private int _count;

    public Chance Chance => chance;

    public IReadOnlyList<string> Members => _members;

    public IReadOnlyDictionary<string, int> Forms => _forms;

    /// <summary>The size of the context, where there is one.</summary>
    public long? ContextSize { get; init; }

    /// <summary>Whether the forward method has a context as its second parameter.</summary>
    public bool TakesContext { get; init; }

    /// <summary>Whether the class overrides Domain and Codomain instead of having them derived.</summary>
    public bool StatesDomain { get; init; }

    /// <summary>Where the whole map is defined.</summary>
    public Span Domain { get; set; } = Span.Real;

    /// <summary>Whether the class asks for numerical inverses.</summary>
    public bool IsNumerical { get; set; }

    /// <summary>Whether tensors of fixed sizes occur, so that other shapes must be refused.</summary>
    public bool HasFixedShape { get; set; }

    /// <summary>
    /// Whether the program ends on a surface: then nothing before it may change the number of dimensions.
    /// </summary>
    public bool EndsOnSurface { get; init; }

    /// <summary>How many elementwise steps a point goes through.</summary>
    public int Steps { get; set; }

    /// <summary>Statements that may still be drawn.</summary>
    public int Budget { get; set; }

    public bool Has(Features feature) => features.HasFlag(feature);

    public void Count(string form) => _forms[form] = _forms.GetValueOrDefault(form) + 1;

    public string Fresh(string stem) => Chance.Happens(0.1) && Chance.Pick(s_wanted) is var name && _taken.Add(name)
        ? name
        : stem + (++_count).ToString(CultureInfo.InvariantCulture) + "_";

    /// <summary>A field of its own, <c>private readonly type name = initializer</c>.</summary>
    public Name Field(string type, string stem, string initializer, string marks = "")
    {
        var name = (Chance.Happens(0.5) ? "_" : "") + Fresh(stem);
        _members.Add($"{(marks.Length > 0 ? marks + " " : "")}private readonly {type} {name} = {initializer};");
        return new(name);
    }

    /// <summary>A member that stands once in a class, however often it is used.</summary>
    public void Shared(string member)
    {
        if (_shared.Add(member))
        {
            _members.Add(member);
        }
    }

    public int Seed() => Chance.Below(1_000_000);

    /// <summary>A number as a double: 2 divided by 4 is nothing.</summary>
    public static string Literal(double value) =>
        value.ToString("R", CultureInfo.InvariantCulture) is var text && text.All(c => char.IsDigit(c) || c == '-')
            ? text + ".0" : text;

    public static string Literal(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Literal(Shape shape) => $"Shape.Of{shape}";
}
