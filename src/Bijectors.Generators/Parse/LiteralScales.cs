using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>What parts have been multiplied by in literals, one line after another.</summary>
internal sealed class LiteralScales(ValueTable values, Scope scope, Action<Diagnostic> report)
{
    // That of the largest number of float32, about.
    private const double Largest = 87.5;

    // The logarithms of the factors.
    private readonly Dictionary<int, double> _scales = [];

    /// <summary>
    /// Whether literal factors, those of the lines before included, leave the part a size that float32 has: beyond, all
    /// numbers become 0 or infinity, and nothing leads back.
    /// </summary>
    public bool KeepsApart(string primitive, IReadOnlyList<int> operands, int input, IOperation? operand)
    {
        if (Scaled(primitive, operands, input) is not { } scale || Math.Abs(scale) < Largest)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.NotInvertible, operand!.Syntax.GetLocation(),
            $"With '{operand.Syntax}' the literal factors of '{scope.PartNames[input]}' come to "
            + $"{(scale < 0 ? "less than 1e-38, the smallest" : "more than 3e38, the largest")} "
            + "number of float32, and different inputs get the same output"));
        return false;
    }

    /// <summary>Carries the scale of a part on to what a row makes of it.</summary>
    public void Carry(string primitive, IReadOnlyList<int> operands, int input, int output)
    {
        if (Scaled(primitive, operands, input) is { } scale)
        {
            _scales[output] = scale;
        }
    }

    /// <summary>
    /// Carries the larger of two scales on, where some entries of a part were mapped and others kept.
    /// </summary>
    public void Join(int kept, int moved, int output)
    {
        if (_scales.TryGetValue(moved, out var one))
        {
            var other = _scales.TryGetValue(kept, out var known) ? known : 0;
            _scales[output] = Math.Abs(one) > Math.Abs(other) ? one : other;
        }
    }

    /// <summary>
    /// The logarithm of what a part has been multiplied by in literals; null where it has been anything else.
    /// </summary>
    private double? Scaled(string primitive, IReadOnlyList<int> operands, int input)
    {
        var before = _scales.TryGetValue(input, out var known) ? known : 0;
        return (primitive, operands.Count > 0 && values[operands[0]] is Leaf { Constant: { } c }
            ? Math.Log(Math.Abs(c)) : (double?)null) switch
        {
            ("x*" or "*x", { } factor) => before + factor,
            ("x/", { } divisor) => before - divisor,
            ("x+" or "+x" or "x-" or "-x" or "neg", _) => before,
            _ => null,
        };
    }
}
