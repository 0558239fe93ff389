using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>Reads methods that move elements.</summary>
internal sealed class MoveForms(PartParser parts, ValueTable values, Scope scope, Action<Diagnostic> report)
{
    /// <summary>Reads a re-indexing that gives one part; null after an error has been reported.</summary>
    public int? Single(IInvocationOperation call, Reindexing row, TextSpan statement, ISymbol? chosen = null)
    {
        if (All(call, row, statement, chosen) is not { } outputs)
        {
            return null;
        }

        if (outputs is [var single])
        {
            return single;
        }

        report(Diagnostic.Create(
            Rules.NotInLanguage, call.Syntax.GetLocation(), $"'{call.TargetMethod.Name}' gives two parts, which",
                "take them apart with 'var (a, b) = ...'"));
        return null;
    }

    /// <summary>Reads a re-indexing and gives the parts that come out.</summary>
    public IReadOnlyList<int>? All(IInvocationOperation call, Reindexing row, TextSpan statement,
        ISymbol? chosen = null)
    {
        if (Copies.Refused(call) is { } what)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, call.Syntax.GetLocation(), what,
                "move elements by methods that the whole project sees"));
            return null;
        }

        if (call.SemanticModel!.LookupSymbols(call.Syntax.SpanStart, call.TargetMethod.ContainingType, row.Inverse)
            .IsEmpty)
        {
            report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), row.Inverse,
                $"[Reindexing] on '{call.TargetMethod.Name}' names it, and it cannot be called from here"));
            return null;
        }

        var arguments = call.Arguments.OrderBy(a => a.Parameter!.Ordinal).ToList();
        var inputs = new List<int>();
        foreach (var argument in arguments.Take(row.Inputs))
        {
            var moved = chosen is not null && parts.Choice.Maps(argument.Value, chosen)
                ? parts.Parse(argument.Value, chosen, statement) : parts.ParseWanted(argument.Value, statement);
            if (moved is not { } part)
            {
                return null;
            }

            if (inputs.Contains(part))
            {
                report(Diagnostic.Create(Rules.LostPart, argument.Syntax.GetLocation(),
                    $"'{argument.Syntax}' is joined twice"));
                return null;
            }

            inputs.Add(part);
        }

        var others = new List<int>();
        foreach (var argument in arguments.Skip(row.Inputs))
        {
            if (parts.Arguments.Known(argument) is not { } index
                || !parts.Arguments.MustNotRead(index, argument.Syntax, call.TargetMethod.Name))
            {
                return null;
            }

            others.Add(index);
        }

        var receiver = call.Instance is { IsImplicit: true }
            ? values.Add(new Leaf("this", ValueKind.Other, Sign.Unknown))
            : call.Instance is { } instance ? parts.Value(instance)
            : values.Add(new Leaf(Operations.FullName(call.TargetMethod.ContainingType), ValueKind.Other,
                Sign.Unknown));
        if (receiver is not { } host || !parts.Arguments.MustNotRead(host, (call.Instance ?? call).Syntax,
            call.TargetMethod.Name))
        {
            return null;
        }

        if (inputs.Any(i => !scope.IsLive(i)))
        {
            parts.Stale(call);
            return null;
        }

        inputs.ForEach(parts.Consume);
        var outputs = Enumerable.Range(0, row.Outputs).Select(_ => scope.NewPart("part")).ToList();
        parts.KeepsRank &= !row.ChangesRank;
        parts.Steps.Add(new MoveStep(
            host, CSharp.Identifier(call.TargetMethod.Name), CSharp.Identifier(row.Inverse), new(inputs), new(outputs),
                new(others),
            new(row.InverseArguments.Select(i => others[i - row.Inputs])), row.ChangesRank));
        return outputs;
    }
}
