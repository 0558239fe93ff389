using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.HandWritten;

/// <summary>Networks whose every output depends on every input along some axis, the last one too.</summary>
internal static class CausalMarks
{
    public const string Attribute = "Bijectors.CausalAttribute";

    /// <summary>Networks that mix all features whatever they are given.</summary>
    private static readonly HashSet<string> Mixing =
    [
        "Bijectors.ResidualMlp", "Bijectors.Dense", "TorchSharp.Modules.Linear",
        "TorchSharp.Modules.MultiheadAttention",
    ];

    /// <summary>
    /// Networks that an own mask or padding around them can make causal, but that are not so on their own.
    /// </summary>
    private static readonly HashSet<string> Reaching =
    [
        "Bijectors.ConvNet", "TorchSharp.Modules.Conv1d", "TorchSharp.Modules.Conv2d", "TorchSharp.Modules.Conv3d",
    ];

    /// <summary>Whether a network of this type cannot be causal as it stands.</summary>
    public static bool IsRefuted(ITypeSymbol? type) =>
        type is not null && (IsMixing(type) || Reaching.Contains(Types.Name(type)));

    /// <summary>Whether each output of a network of this type depends on all features.</summary>
    public static bool IsMixing(ITypeSymbol? type) => type is not null && Mixing.Contains(Types.Name(type));

    /// <summary>Whether a type is a row of networks that is judged by what was put in.</summary>
    public static bool IsSequential(ITypeSymbol? type) =>
        type is not null && Types.Name(type) == "TorchSharp.Modules.Sequential";
}
