using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>The ways to write the transpose of a matrix.</summary>
internal static class Transposition
{
    /// <summary>
    /// "transpose" where a function transposes matrices, another name where it exchanges other dimensions.
    /// </summary>
    public static string NameOf(string function, IReadOnlyList<IOperation> arguments) => function switch
    {
        "t" when arguments.Count == 1 => "transpose",
        "transpose" or "swapaxes" or "swapdims" when arguments.Count == 3 => IsOfMatrices(arguments[1], arguments[2])
            ? "transpose" : "swapaxes",
        "transpose" => "swapaxes",
        _ => function,
    };

    private static bool IsOfMatrices(IOperation one, IOperation other) =>
        (Constant(one), Constant(other)) is (0, 1) or (1, 0) or (-2, -1) or (-1, -2);

    private static double? Constant(IOperation op) => Operations.Unwrap(op).ConstantValue.Value is { } value
        ? Operations.AsDouble(value) : null;
}
