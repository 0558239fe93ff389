using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.EditorSpeed;

/// <summary>A project of many marked classes, one a file, and one file more that is edited.</summary>
internal static class ManyClasses
{
    /// <summary>The file that is edited, with a place for a remark, for a body and for a class.</summary>
    public const string Edited = """
        using TorchSharp;
        namespace User;

        // a remark
        public static class Elsewhere
        {
            public static double Half(double k) { return k / 2; }
        }
        """;

    private const string Usings = """
        using System;
        using Bijectors;
        using TorchSharp;
        using static TorchSharp.torch;

        namespace User;

        """;

    private const string Shared = """
        public static class Scales
        {
            /// <summary>Keeps a scale between 1/e and e.</summary>
            public static Tensor Bounded(Tensor s) { var bounded = torch.tanh(s); return bounded * Limit; }

            public const double Limit = 1.5;
        }
        """;

    private const string Members = """
            private readonly Conditioner _net;

            public #(Conditioner net)
            {
                _net = net;
                RegisterComponents();
            }

            public override int EventRank => 1;

        """;

    private static readonly (int Share, string Class)[] s_kinds =
    [
        (4, Members + """
                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b) = Parts.Halves(x);
                    var (logScale, shift) = _net.ScaleAndShift(a, context);
                    b = b * torch.exp(Scales.Bounded(logScale)) + shift;
                    return Parts.Join(a, b);
                }
            """),
        (3, """
                [Forward]
                private static Tensor Map(Tensor x) => 2 * torch.sigmoid(3 * torch.sinh(x / 2) + 1) - 1;
            """),
        (2, Members + """
                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b) = Parts.Halves(x);
                    for (var i = 0; i < 3; i++)
                    {
                        var (s, t) = _net.ScaleAndShift(a, context);
                        b = b * torch.exp(torch.tanh(s)) + t;
                        (a, b) = (b, a);
                    }

                    return Parts.Join(a, b);
                }
            """),
        (1, Members.Replace("Conditioner", "Made", StringComparison.Ordinal) + """
                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (s, t) = _net.ScaleAndShift(x, context);
                    return (x - t) * torch.exp(-s);
                }
            """),
    ];

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Bijectors.Generators", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A new compilation: the file that is edited, then what the classes share, then the classes.</summary>
    public static CSharpCompilation Of(int classes)
    {
        var kinds = s_kinds.SelectMany(k => Enumerable.Repeat(k.Class, k.Share)).ToList();
        var sources = Enumerable.Range(0, classes).Select(i =>
        {
            var name = "Layer" + i.ToString(CultureInfo.InvariantCulture);
            var members = kinds[i % kinds.Count].Replace("#", name, StringComparison.Ordinal);
            var head = $"[GeneratedBijector]\npublic sealed partial class {name} : Bijector";
            return (name, $"{Usings}{head}\n{{\n{members}\n}}\n");
        });
        return CSharpCompilation.Create(
            "User",
            sources.Prepend(("Scales", Usings + Shared)).Prepend(("Elsewhere", Edited))
                .Select(s => CSharpSyntaxTree.ParseText(s.Item2, new(LanguageVersion.Latest), s.Item1 + ".cs")),
            s_references,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}
