using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Layers of torch that work along axes which are said where they are made. Those that normalise the batch are looked
/// for among a class's fields.
/// </summary>
internal static class BatchModules
{
    /// <summary>The axis that a layer works along; null for other layers.</summary>
    public static int? AxisOf(IInvocationOperation made) =>
        IsLayer(made) && made.TargetMethod.Name is "Softmax" or "Softmin" or "LogSoftmax"
        && Argument(made, "dim") is { ConstantValue.Value: { } constant }
        && Operations.AsDouble(constant) is { } axis ? (int)axis : null;

    /// <summary>Whether a layer gives one number for all points.</summary>
    public static bool Averages(IInvocationOperation made) =>
        IsLayer(made) && made.TargetMethod.Name.EndsWith("Loss", StringComparison.Ordinal)
        && Argument(made, "reduction") is not IFieldReferenceOperation { Field.Name: "None" };

    private static bool IsLayer(IInvocationOperation made) =>
        made.TargetMethod.ContainingType.IsNamed("TorchSharp.torch.nn");

    private static IOperation? Argument(IInvocationOperation made, string name) =>
        made.Arguments.FirstOrDefault(a => a.Parameter?.Name == name) is { } argument
            ? Operations.Unwrap(argument.Value) : null;
}
