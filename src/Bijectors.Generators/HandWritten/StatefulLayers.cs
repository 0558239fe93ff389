using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.HandWritten;

/// <summary>The table of layers that do not give the same values when they are run again.</summary>
internal static class StatefulLayers
{
    private const string Drops = "drops other entries at every call";
    private const string Batch = "reads the whole batch while it trains";
    private const string Over = "writes over what it is given";
    private const string Slopes = "draws its slopes anew at every call";

    private static readonly Dictionary<string, string> Layers = new()
    {
        ["Dropout"] = Drops, ["Dropout1d"] = Drops, ["Dropout2d"] = Drops, ["Dropout3d"] = Drops,
        ["AlphaDropout"] = Drops, ["FeatureAlphaDropout"] = Drops,
        ["RReLU"] = Slopes,
        ["BatchNorm1d"] = Batch, ["BatchNorm2d"] = Batch, ["BatchNorm3d"] = Batch,
    };

    private static readonly Dictionary<string, string> Functions = new()
    {
        ["dropout"] = Drops, ["dropout1d"] = Drops, ["dropout2d"] = Drops, ["dropout3d"] = Drops,
        ["alpha_dropout"] = Drops, ["feature_alpha_dropout"] = Drops,
        ["rrelu"] = Slopes,
        ["batch_norm"] = Batch,
    };

    /// <summary>Layers whose results are new memory, over which the next layer may write.</summary>
    private static readonly string[] Computing =
        ["Linear", "Bilinear", "Conv", "LayerNorm", "GroupNorm", "InstanceNorm", "Embedding"];

    /// <summary>The layer of that kind that is made, and what it does; null for all others.</summary>
    public static (string Name, string Does)? Made(IOperation op)
    {
        var arguments = op switch
        {
            IInvocationOperation call when Types.Name(call.TargetMethod.ContainingType) == "TorchSharp.torch.nn" =>
                call.Arguments,
            IObjectCreationOperation made => made.Arguments,
            _ => default,
        };
        return arguments.IsDefault ? null
            : In(op.Type) is { } layer ? layer
            : IsLayer(op.Type) && arguments.Any(IsInPlace) && !IsBehindNewMemory(op) ? (op.Type!.Name, Over)
            : null;
    }

    /// <summary>The layer that a type is or holds as a type argument, and what it does; null for all others.</summary>
    public static (string Name, string Does)? In(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol named when named.ContainingNamespace.IsNamed("TorchSharp.Modules")
            && Layers.TryGetValue(named.Name, out var does) => (named.Name, does),
        INamedTypeSymbol named => named.TypeArguments.Select(In).FirstOrDefault(found => found is not null),
        IArrayTypeSymbol array => In(array.ElementType),
        _ => null,
    };

    /// <summary>
    /// The function of that kind that is called, and what it does; null for all others and where
    /// training is turned off.
    /// </summary>
    public static (string Name, string Does)? Called(IInvocationOperation call)
    {
        var host = call.TargetMethod.ContainingType.ToDisplayString();
        return host is "TorchSharp.torch.nn.functional" or "TorchSharp.torch.Tensor"
            && Functions.TryGetValue(call.TargetMethod.Name, out var does)
            && !call.Arguments.Any(
                a => a.Parameter?.Name == "training" && a.Value.ConstantValue is { HasValue: true, Value: false })
                ? (call.TargetMethod.Name, does)
                : null;
    }

    private static bool IsLayer(ITypeSymbol? type) =>
        (type?.ContainingNamespace).IsNamed("TorchSharp.Modules");

    private static bool IsInPlace(IArgumentOperation argument) =>
        argument.Parameter?.Name == "inplace" && argument.Value.ConstantValue is not { HasValue: true, Value: false };

    /// <summary>Whether a layer stands in a row right behind one that computes something new.</summary>
    private static bool IsBehindNewMemory(IOperation layer)
    {
        var element = layer;
        while (element.Parent is IConversionOperation or ITupleOperation)
        {
            element = element.Parent;
        }

        var row = element.Parent switch
        {
            IArrayInitializerOperation array => array.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            _ => [],
        };
        var before = row.IndexOf(element) is var place and > 0 ? Parse.Operations.Unwrap(row[place - 1]) : null;
        var type = before is ITupleOperation named ? Parse.Operations.Unwrap(named.Elements.Last()).Type : before?.Type;
        return IsLayer(type) && Computing.Any(c => type!.Name.StartsWith(c, StringComparison.Ordinal));
    }
}
