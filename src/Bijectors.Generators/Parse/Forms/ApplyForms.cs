using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>Reads applications of other bijectors and of their inverses.</summary>
internal sealed class ApplyForms(PartParser parts, ValueTable values, Scope scope, Action<Diagnostic> report)
{
    /// <summary>The part that comes out; null after an error has been reported.</summary>
    public int? Parse(IInvocationOperation call, ISymbol chosen, TextSpan statement)
    {
        if (parts.Value(call.Instance!) is not { } receiver
            || !parts.Arguments.MustNotRead(receiver, call.Instance!.Syntax, call.TargetMethod.Name))
        {
            return null;
        }

        int? context = null;
        if (call.Arguments.FirstOrDefault(a =>
            a.Parameter?.Ordinal == 1) is { ArgumentKind: not ArgumentKind.DefaultValue } second)
        {
            if (parts.Value(second.Value) is not { } value)
            {
                return null;
            }

            context = value;
        }

        if (parts.Parse(call.Arguments.First(a => a.Parameter?.Ordinal == 0).Value, chosen, statement) is not { } input)
        {
            return null;
        }

        if (context is { } c && values.Reads(c).Any(r => r == input || !scope.IsLive(r)))
        {
            report(Diagnostic.Create(Rules.SelfConditioning, call.Syntax.GetLocation(), chosen.Name,
                Advice.ForSelf(call)));
            return null;
        }

        var output = parts.Next(input);
        parts.KeepsRank = false;
        parts.Steps.Add(new ApplyStep(receiver, input, output, context, call.TargetMethod.Name == "Inverse"));
        return output;
    }
}
