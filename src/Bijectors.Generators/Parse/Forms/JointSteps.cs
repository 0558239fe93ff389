using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>Adds maps of the entries of a part together, after what they have in common is checked.</summary>
internal sealed class JointSteps(PartParser parts, Action<Diagnostic> report)
{
    /// <summary>Maps the entries of a part together; the operands must not depend on it.</summary>
    public int? Join(JointMap map, IReadOnlyList<int> operands, int input, IOperation at, ISymbol chosen)
    {
        if (parts.Conditions().Check(operands, input, at, chosen) is not { IsNone: true })
        {
            if (!parts.Failed)
            {
                report(Diagnostic.Create(Rules.SelfConditioning, at.Syntax.GetLocation(), chosen.Name,
                    Advice.ForSelf(at)));
            }

            return null;
        }

        var output = parts.Next(input);
        parts.Steps.Add(new JointStep(map, input, output, new(operands)));
        return output;
    }

    /// <summary>Whether an axis is one of an event, as far as that is known; reports where it is not.</summary>
    public bool HasAxis(int axis, ISymbol chosen, IOperation at)
    {
        var rank = parts.KeepsRank ? EventRanks.Of(chosen.ContainingType, at.SemanticModel!.Compilation) : null;
        if (EventRanks.WhyNoAxis(axis, rank) is not { } why)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.NotInvertible, at.Syntax.GetLocation(),
                FormattableString.Invariant($"'{at.Syntax}' works along dimension {axis}, which {why}")));
        return false;
    }
}
