using System.Globalization;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads maps of two pieces. Together they have an inverse if each has one, both go in one direction, and one begins
/// where the other ends: all that is shown here, or the map is refused.
/// </summary>
internal sealed class PieceForms(ValueTable values, Scope scope, PartParser parts, Action<Diagnostic> report)
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
        if (below is null || above is null || !IsDefined(below, cut, input, isBelow: true)
            || !IsDefined(above, cut, input, isBelow: false) || !Meet(below, above, cut, call))
        {
            return null;
        }

        parts.Consume(input);
        var output = scope.NewPart(scope.PartNames[input]);
        var domain = new Bounds(Domain(below, cut, input, isBelow: true).Low, Domain(above, cut, input, isBelow: false)
            .High);
        parts.Steps.Add(new PiecewiseStep(
            input, output, cut.At, cut.IsBelow, below.Image!.Value.Low, below.Direction > 0, domain, below.Piece,
                above.Piece));
        return output;

        Side? Read(IOperation operation, bool isBelow)
        {
            var op = Operations.Unwrap(operation);
            int? made = null;
            scope.Now = before;
            var steps = parts.Block(() => made = parts.Parse(op, chosen, statement));
            scope.Now = before;
            return made is { } last && !parts.Failed ? ReadSide(op, new(steps, last), cut) : null;
        }
    }

    /// <summary>What is known of a piece by itself; null after an error has been reported.</summary>
    private Side? ReadSide(IOperation op, Piece piece, Cut cut)
    {
        if (piece.Steps.Any(s => s is not (MapStep { Head: null } or PiecewiseStep)))
        {
            report(Diagnostic.Create(
                Rules.NotInLanguage, op.Syntax.GetLocation(), $"'{op.Syntax}' as one piece of a map",
                "a piece is made of the functions of the table, and of + - * / with values of other parts"));
            return null;
        }

        var direction = Pieces.Direction(piece.Steps, values.Values);
        if (direction == 0)
        {
            Refuse(
                op, $"Whether '{op.Syntax}' increases or decreases is up to a factor of unknown sign; "
                + "make it positive by exp or softplus, or mark it [Positive] or [Within(low, high)]");
            return null;
        }

        var image = Pieces.At(piece.Steps, values.Values, cut.At, out var outside);
        return new(op, piece, direction, image, outside);
    }

    private (double Low, double High, string? Violation) Domain(Side side, Cut cut, int input, bool isBelow)
    {
        var half = isBelow ? new Bounds(double.NegativeInfinity, cut.At) : new Bounds(cut.At, double.PositiveInfinity);
        var (domain, violation) = Domains.OnSide(values.Values, side.Piece.Steps, input, half);
        return (domain.Low, domain.High, violation);
    }

    /// <summary>Whether a piece is defined from its far end up to the cut, and at the cut itself.</summary>
    private bool IsDefined(Side side, Cut cut, int input, bool isBelow)
    {
        var (low, high, violation) = Domain(side, cut, input, isBelow);
        var where = $"'{side.Op.Syntax}' stands for x {(isBelow ? "<" : ">")} {Show(cut.At)}";
        if (side.Outside is not null || (isBelow ? high : low) != cut.At)
        {
            var what = side.Outside is null ? "" : $", since '{side.Outside}' ends there";
            return Refuse(
                side.Op,
                $"{where}, and is not defined at {Show(cut.At)} itself, or its slope there is zero or infinite{what}; "
                + "cut where both pieces have a slope");
        }

        return violation is null || Refuse(
            side.Op,
            $"{where}, where '{violation}' gets values outside of its domain, or values that depend on what is no "
            + "literal; write a piece that is defined wherever it stands");
    }

    private bool Meet(Side below, Side above, Cut cut, IInvocationOperation call)
    {
        if (below.Direction != above.Direction)
        {
            var (up, down) = below.Direction > 0 ? (below.Op, above.Op) : (above.Op, below.Op);
            return Refuse(
                call,
                $"'{up.Syntax}' increases and '{down.Syntax}' decreases, so that together they give outputs twice; "
                + "pieces go in one direction");
        }

        var at = $"x = {Show(cut.At)}";
        foreach (var side in new[] { below, above })
        {
            if (side.Image is null || !(Math.Abs(side.Image.Value.Value) <= LargestImage))
            {
                return Refuse(
                    side.Op,
                    $"Where '{side.Op.Syntax}' stands at {at} depends on what is no literal, so that it is not seen "
                    + "whether the pieces meet; write it so that operands fall away there, as in "
                    + "k * x at 0 or pow(x, k) at 1, "
                    + "and what both pieces have in common behind torch.where");
            }
        }

        if (below.Image == above.Image && below.Image!.Value.IsExact)
        {
            return true;
        }

        var (one, other) = (Show(below.Image!.Value.Value), Show(above.Image!.Value.Value));
        return Refuse(call, one == other
            ? $"At {at} both pieces stand at {one}, as far as doubles tell, but not exactly; "
                + "write numbers with few digits"
            : $"At {at} one piece stands at {one} and the other at {other}, so that outputs "
                + "are left out or given twice; "
                + "pieces must meet");
    }

    private bool Refuse(IOperation op, string why)
    {
        report(Diagnostic.Create(Rules.NotInvertible, op.Syntax.GetLocation(), why));
        return false;
    }

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// A piece with the expression it was read from, its direction, where it takes the cut, and what in it ends at the
    /// cut.
    /// </summary>
    private sealed record Side(IOperation Op, Piece Piece, int Direction, End? Image, string? Outside);
}
