using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Arguments that are neither tensors nor numbers, but say what a function does: <c>keepdim: true</c>.
/// </summary>
internal static class Options
{
    /// <summary>The constants among the arguments, <c>name=value</c>, in the order of the parameters.</summary>
    public static EquatableArray<string> Of(IInvocationOperation call) => new(
        call.Arguments.Where(a => a.ArgumentKind == ArgumentKind.Explicit).OrderBy(a => a.Parameter!.Ordinal)
            .Where(a => Operations.Unwrap(a.Value).ConstantValue.HasValue)
            .Select(a => $"{a.Parameter!.Name}="
                + Convert.ToString(Operations.Unwrap(a.Value).ConstantValue.Value, CultureInfo.InvariantCulture)));

    /// <summary>
    /// The arguments of a call that are no such constants, and no dtype or device of something that is there anyway.
    /// </summary>
    public static IReadOnlyList<IOperation> Without(IInvocationOperation call, IReadOnlyList<IOperation> arguments) =>
        [.. arguments.Where(a => a == call.Instance || !IsOption(a))];

    private static bool IsOption(IOperation argument)
    {
        var op = Operations.Unwrap(argument);
        return Operations.KindOf(op.Type) == ValueKind.Other
            && (op.ConstantValue.HasValue || (argument.Parent is IArgumentOperation { Parameter.Name: "device"
                or "dtype" }
                && op.DescendantsAndSelf().All(o => Operations.Variable(o) is null)));
    }
}
