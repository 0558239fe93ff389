using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>Reads maps whose row is an attribute on their method.</summary>
internal sealed class OwnRowForms(PartParser parts, ValueTable values, Scope scope, bool numerical,
    Action<Diagnostic> report)
{
    /// <summary>A map whose row is an attribute on its method.</summary>
    public int? Parse(IInvocationOperation call, ISymbol chosen, TextSpan statement)
    {
        var arguments = call.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToList();
        if (call.Instance?.DescendantsAndSelf()
            .FirstOrDefault(o => scope.Find(o)?.Value is { } held
            && values[held] is not Leaf { Loop: not null }) is { } local)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, local.Syntax.GetLocation(),
                $"'{local.Syntax}' as what a function is called on", "use the field itself"));
            return null;
        }

        string? receiver = call.TargetMethod.IsStatic ? Operations.FullName(call.TargetMethod.ContainingType) + "."
            : call.Instance is { IsImplicit: true } ? "this."
            : parts.Value(call.Instance!) is { } host
                && parts.Arguments.MustNotRead(host, call.Instance!.Syntax, call.TargetMethod.Name)
                ? Expressions.Bracket(Text.Of(call.Instance!.Syntax)) + "."
            : null;
        if (receiver is null || OwnRow.Of(call, receiver, numerical, report) is not { } function)
        {
            return null;
        }

        var operands = new List<int>();
        foreach (var argument in arguments.Skip(1))
        {
            if (parts.Arguments.Known(argument) is not { } value)
            {
                return null;
            }

            operands.Add(Cast(value, argument));
        }

        if (parts.Parse(arguments[0].Value, chosen, statement) is not { } input)
        {
            return null;
        }

        if (EntryArguments.Check(parts.Conditions(), [.. arguments.Skip(1).Zip(operands, (a, o) => (a, o))], input,
            chosen, report) is not var (self, trailing))
        {
            return null;
        }

        var output = parts.Next(input);
        parts.Steps.Add(new FunctionStep(function, input, output, new(operands), self.Head, self.Axes, new(trailing)));
        return output;
    }

    /// <summary>
    /// An argument of its parameter's own type: what an attribute names may have overloads that would fit it better.
    /// </summary>
    private int Cast(int value, IArgumentOperation argument)
    {
        var to = argument.Parameter!.Type;
        return argument.ArgumentKind == ArgumentKind.DefaultValue
            || SymbolEqualityComparer.Default.Equals(Operations.Unwrap(argument.Value).Type, to) ? value
            : argument.Value.ConstantValue.Value is { } constant && Operations.AsDouble(constant) is { } number
                ? values.Add(new Leaf(CSharp.Literal(constant)!, ValueKind.Number, Signs.OfConstant(number), number))
            : values.Add(new Call(new([$"(({Operations.FullName(to)})", ")"]), new([value]), Operations.KindOf(to),
                Sign.Unknown));
    }
}
