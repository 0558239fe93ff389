namespace Bijectors.Generators.Tests;

/// <summary>Whole classes around the bodies of forward maps that are compiled and run.</summary>
internal static class Written
{
    public const string Vector = "public override int EventRank => 1;";
    public const string Matrix = "public override int EventRank => 2;";
    public const string Image = "public override int EventRank => 3;";

    /// <summary>A field.</summary>
    public static string Field(string field) => $"private readonly {field};\n";

    /// <summary>A parameter with numbers from -1 to 1.</summary>
    public static string Free(string name, params int[] sizes) =>
        $"private readonly TorchSharp.Modules.Parameter {name} = new("
        + $"torch.linspace(-1, 1, {sizes.Aggregate(1, (a, b) => a * b)}).reshape({string.Join(", ", sizes)})"
        + ".DetachFromDisposeScope());\n";

    /// <summary>A class.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="members">What it declares beside the map.</param>
    /// <param name="body">The body of the map.</param>
    /// <param name="attribute">The attribute that has it generated.</param>
    /// <param name="bases">Further interfaces.</param>
    public static string Source(
        string name, string members, string body, string attribute = "GeneratedBijector", string bases = "") => $$"""
        using System;
        using Bijectors;
        using Bijectors.RandomPrograms;
        using TorchSharp;
        using static TorchSharp.torch;

        namespace Drawn;

        [{{attribute}}]
        public sealed partial class {{name}} : Bijector, IBody{{bases}}
        {
            {{members}}

            public {{name}}() => RegisterComponents();

            public Tensor Body(Tensor x, Tensor? context) => Map(x);

            [Forward]
            private Tensor Map(Tensor x) { {{body}} }
        }
        """;
}
