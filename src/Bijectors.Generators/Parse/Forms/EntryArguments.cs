using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Checks the arguments of a row of one's own behind the part. Such a row promises nothing of them but where a
/// parameter is marked [Elementwise]: only that tells which numbers belong to one entry of the part, so that the row
/// can be undone entry by entry.
/// </summary>
internal static class EntryArguments
{
    private const string Elementwise = "Bijectors.ElementwiseAttribute";

    /// <param name="conditions">The checks of one operand.</param>
    /// <param name="arguments">The arguments behind the part, with their values.</param>
    /// <param name="input">The part.</param>
    /// <param name="chosen">Its variable.</param>
    /// <param name="report">Takes the errors.</param>
    /// <returns>How the part conditions itself, and how many dimensions each argument has behind those of the part;
    /// null after an error.</returns>
    public static (SelfCondition Self, IReadOnlyList<int> Trailing)? Check(
        Conditions conditions, IReadOnlyList<(IArgumentOperation Argument, int Value)> arguments, int input,
        ISymbol chosen, Action<Diagnostic> report)
    {
        var self = new SelfCondition();
        void Refuse(IArgumentOperation argument, string advice) =>
            report(Diagnostic.Create(Rules.SelfConditioning, argument.Value.Syntax.GetLocation(), chosen.Name, advice));

        foreach (var (argument, value) in arguments)
        {
            var trailing = Trailing(argument.Parameter!);
            if (conditions.Check([value], input, argument.Value, chosen, trailing, Advised(argument)) is not { } own)
            {
                return null;
            }

            if (own.Term is not null || !(own.IsNone || self.IsNone || own == self))
            {
                Refuse(argument, Advised(argument));
                return null;
            }

            self = own.IsNone ? self : own;
        }

        if (self.IsNone)
        {
            return (self, []);
        }

        foreach (var (argument, value) in arguments)
        {
            var parameter = argument.Parameter!;
            if (conditions.AsksOwnShape(value, input))
            {
                Refuse(argument, $"compute '{parameter.Name}' without its shape");
                return null;
            }

            if (Trailing(parameter) is null && MayHoldTensors(parameter.Type))
            {
                Refuse(argument, Unmarked(parameter));
                return null;
            }

            if (Trailing(parameter) < 0)
            {
                report(Diagnostic.Create(
                    Rules.BadAttribute, argument.Value.Syntax.GetLocation(), parameter.Name,
                    "[Elementwise] on it counts dimensions, so it is 0 or more"));
                return null;
            }
        }

        return (self, [.. arguments.Select(a => Trailing(a.Argument.Parameter!) ?? 0)]);
    }

    /// <summary>What to write where an argument is computed from the part.</summary>
    private static string Advised(IArgumentOperation argument) => Trailing(argument.Parameter!) switch
    {
        null => Unmarked(argument.Parameter!),
        0 => $"compute '{argument.Parameter!.Name}' from another part, or by a function marked [Causal]",
        var behind => $"compute '{argument.Parameter!.Name}' from another part, "
            + FormattableString.Invariant($"or by a function marked [Causal(Trailing = {behind})]"),
    };

    private static string Unmarked(IParameterSymbol parameter) =>
        $"compute '{parameter.Name}' from another part, or mark that parameter [Elementwise] "
            + "if each entry of the result "
            + "depends on the same entry of it only, and give it by a [Causal] function";

    /// <summary>How many dimensions an argument has behind those of the part; null where it is not marked.</summary>
    public static int? Trailing(IParameterSymbol parameter)
    {
        var mark = Mark(parameter) ?? (Operations.IsTensor(parameter.Type) ? Mark(parameter.ContainingSymbol) : null);
        return mark is null ? null : mark.ConstructorArguments is [{ Value: int trailing }] ? trailing : 0;
    }

    private static AttributeData? Mark(ISymbol symbol) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == Elementwise);

    private static bool MayHoldTensors(ITypeSymbol type) =>
        type.TypeKind != TypeKind.Enum
            && type.SpecialType is not (>= SpecialType.System_Boolean and <= SpecialType.System_String);
}
