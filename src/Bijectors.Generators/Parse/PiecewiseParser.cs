using System.Globalization;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Reads maps of two pieces. Together they have an inverse if each has one, both go in one direction, and one begins where the other ends: all that is shown here, or the map is refused.
/// </summary>
internal sealed class PiecewiseParser(ValueTable values, Scope scope, PartParser parts, Action<Diagnostic> report)
{
    // An image that float32 does not have divides nothing.
    private const double LargestImage = 3e38;

    public int? Parse(IInvocationOperation call, Cut cut, ISymbol chosen, TextSpan statement)
    {
        if (parts.Parse(cut.Variable, chosen, statement) is not { } input)
        {
            return null;
        }

        var before = scope.Now;
        var below = Read(cut.Below, isBelow: true);
        var above = below is null ? null : Read(cut.Above, isBelow: false);
        if (below is not { } f || above is not { } g || !Meet(f, g))
        {
            return null;
        }

        parts.Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        parts.Steps.Add(new PiecewiseStep(
            input, output, cut.At, cut.IsBelow, f.Image!.Value.Low, f.Direction > 0, new(f.Domain.Low, g.Domain.High), f.Piece, g.Piece));
        return output;

        (Piece Piece, Bounds Domain, int Direction, End? Image, IOperation Op)? Read(IOperation operation, bool isBelow)
        {
            var op = Operations.Unwrap(operation);
            int? made = null;
            scope.Now = before;
            var steps = parts.Block(() => made = parts.Parse(op, chosen, statement));
            scope.Now = before;
            if (made is not { } last || parts.Failed)
            {
                return null;
            }

            if (steps.Any(s => s is not (MapStep { Head: null } or PiecewiseStep)))
            {
                report(Diagnostic.Create(
                    Rules.NotInLanguage, op.Syntax.GetLocation(), $"'{op.Syntax}' as one piece of a map",
                    "a piece is made of the functions of the table, and of + - * / with values that are computed from other parts"));
                return null;
            }

            var table = values.Values;
            if (Pieces.Direction(steps, table) is var direction && direction == 0)
            {
                return Refuse(op, $"Whether '{op.Syntax}' increases or decreases is up to a factor of unknown sign; make it positive by exp or softplus, or mark it [Positive] or [Within(low, high)]");
            }

            var image = Pieces.At(steps, table, cut.At, out var outside);
            var side = isBelow ? new Bounds(double.NegativeInfinity, cut.At) : new Bounds(cut.At, double.PositiveInfinity);
            var (domain, violation) = Domains.OnSide(table, steps, input, side);
            var where = $"'{op.Syntax}' stands for x {(isBelow ? "<" : ">")} {Show(cut.At)}";
            if (outside is not null || (isBelow ? domain.High : domain.Low) != cut.At)
            {
                return Refuse(op, $"{where}, and is not defined at {Show(cut.At)} itself, or has no slope there that is neither zero nor infinite{(outside is null ? "" : $", since '{outside}' ends there")}; cut where both pieces have one");
            }

            return violation is { } inside
                ? Refuse(op, $"{where}, where '{inside}' gets values outside of its domain, or values that depend on what is no literal; write a piece that is defined wherever it stands")
                : (new(steps, last), domain, direction, image, op);
        }

        (Piece, Bounds, int, End?, IOperation)? Refuse(IOperation op, string why)
        {
            report(Diagnostic.Create(Rules.NotInvertible, op.Syntax.GetLocation(), why));
            return null;
        }

        bool Meet((Piece Piece, Bounds Domain, int Direction, End? Image, IOperation Op) f, (Piece Piece, Bounds Domain, int Direction, End? Image, IOperation Op) g)
        {
            if (f.Direction != g.Direction)
            {
                var (up, down) = f.Direction > 0 ? (f.Op, g.Op) : (g.Op, f.Op);
                Refuse(call, $"'{up.Syntax}' increases and '{down.Syntax}' decreases, so that together they give outputs twice; pieces go in one direction");
                return false;
            }

            foreach (var (_, _, _, image, op) in new[] { f, g })
            {
                if (image is null || !(Math.Abs(image.Value.Value) <= LargestImage))
                {
                    Refuse(op, $"Where '{op.Syntax}' stands at x = {Show(cut.At)} depends on what is no literal, so that it is not seen whether the pieces meet; "
                        + "write it so that operands fall away there, as in k * x at 0 or pow(x, k) at 1, and add what both pieces have in common behind torch.where");
                    return false;
                }
            }

            if (f.Image == g.Image && f.Image!.Value.IsExact)
            {
                return true;
            }

            var (low, high) = (Show(f.Image!.Value.Value), Show(g.Image!.Value.Value));
            Refuse(call, low == high
                ? $"At x = {Show(cut.At)} both pieces stand at {low}, as far as doubles tell, but not exactly; write pieces whose value there has few digits"
                : $"At x = {Show(cut.At)} one piece stands at {low} and the other at {high}, so that outputs are left out or given twice; pieces must meet");
            return false;
        }
    }

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
