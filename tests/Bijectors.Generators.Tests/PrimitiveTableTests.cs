using Bijectors.Generators.Language;
using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using Microsoft.CodeAnalysis;
using TorchSharp;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Every row of the table between two others, so that the emitted code may write it and its inverse over the temporary
/// that the line before made.
/// </summary>
public sealed class PrimitiveTableTests
{
    private static readonly string[] s_laws =
        ["FusedEqualsSeparate", "Codomain", "RoundTrip", "LogDet", "NoTensorSurvives", "Gradients", "FiniteAtEdges"];

    private static readonly Lazy<Build> s_build =
        new(() => Build.Of([.. Primitives.All.Values.Select((row, i) => (Name(i), Source(row, Name(i))))]));

    [Fact]
    public void Every_row_compiles_between_two_others() => 
        Assert.DoesNotContain(s_build.Value.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);

    [Fact]
    public void Every_row_obeys_the_laws_between_two_others()
    {
        using var loaded = new Loaded(s_build.Value.Assembly());
        for (var i = 0; i < Primitives.All.Count; i++)
        {
            var subject = new LawCase(_ => new Stepped(loaded.Make(Name(i)), count: 3), Shape.Vector(3));
            foreach (var law in BijectorLaws.All.Where(law => s_laws.Contains(law.Name)).Prepend(new SameAsBody()))
            {
                law.Check(subject);
            }
        }
    }

    private static string Name(int i) => $"Row{i}";

    private static string Source(Primitive row, string name)
    {
        var call = row.Name == "pow(k, x)" ? "torch.pow({k}, {x})" : row.Forward;
        return $$"""
            using Bijectors;
            using TorchSharp;
            using static TorchSharp.torch;

            namespace Drawn;

            [GeneratedBijector]
            public sealed partial class {{name}} : Bijector, Bijectors.RandomPrograms.IBody
            {
                public Tensor Body(Tensor x, Tensor? context) => Map(x);

                [Forward]
                private Tensor Map(Tensor x)
                {
                    x = x.neg();
                    x = x.neg();
                    x = {{call.Replace("{x}", "x").Replace("{k}", "1.7")}};
                    x = x.neg();
                    return x.neg();
                }
            }
            """;
    }
}
