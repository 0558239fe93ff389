using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>In which interval a known expression lies: by the promise [Within], or by what it computes.</summary>
internal static class KnownIntervals
{
    private const string Within = "Bijectors.WithinAttribute";

    /// <summary>
    /// The interval that [Within] states of a field, a property or a return value; all numbers where it states none.
    /// </summary>
    public static Interval Stated(IOperation op, Action<Diagnostic> report)
    {
        var (name, attributes) = op switch
        {
            IMemberReferenceOperation member => (member.Member.Name, member.Member.GetAttributes()),
            IInvocationOperation call => (call.TargetMethod.Name, call.TargetMethod.GetReturnTypeAttributes()),
            _ => ("", []),
        };
        var stated = attributes.FirstOrDefault(a => a.AttributeClass.IsNamed(Within));
        if (stated is not { ConstructorArguments: [{ Value: double low }, { Value: double high }] })
        {
            return Interval.All;
        }

        if (low < high)
        {
            // Whole numbers are converted before they meet others, and rounded then: the last ones inside are their
            // ends.
            var isReal = op.Type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single;
            return isReal || Operations.KindOf(op.Type) != ValueKind.Number
                ? new(low, high, IsOpen: true)
                : new(Math.Floor(low) + 1, Math.Ceiling(high) - 1);
        }

        report(Diagnostic.Create(
            Rules.BadAttribute, op.Syntax.GetLocation(), name,
                "[Within] on it states no interval; write the lower end first"));
        return Interval.All;
    }

    /// <summary>The interval of what a function that the compiler knows gives.</summary>
    public static Interval Of(IOperation op, string function, IReadOnlyList<int> operands, ValueTable values) =>
        Canonical(op, function) is { } name
            ? Intervals.Of(name, [.. operands.Select(o => Intervals.Of(values[o]))], operands.Distinct().Count() == 1)
            : Interval.All;

    /// <summary>The name of the rule for a call; null where its operands are not those that the rule means.</summary>
    private static string? Canonical(IOperation op, string function) => (op, function) switch
    {
        (IInvocationOperation { Instance: not null }, "where") => null,
        (IInvocationOperation call, "clamp" or "clip") when Operations.Explicit(call).Count == 2 =>
            call.Arguments.Last(a => a.ArgumentKind != ArgumentKind.DefaultValue).Parameter!.Name switch
            {
                "min" => "maximum",
                "max" => "minimum",
                _ => null,
            },
        _ => function,
    };
}
