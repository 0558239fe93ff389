using System.Globalization;
using System.Runtime.CompilerServices;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Purity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Reads known expressions: everything a step may use without mapping it. Calls on tensors are cut out one by one, so
/// that each is computed once and its result can be disposed; the rest stays as it was written.
/// </summary>
internal sealed class ValueParser(ValueTable values, Scope scope, Action<Diagnostic> report)
{
    /// <summary>The index of the value, or null after an error has been reported.</summary>
    public int? Parse(IOperation operation)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var op = Operations.Unwrap(operation);
        if (scope.Find(op) is { } binding)
        {
            return binding.Part is { } part ? ReadPart(part, op) : binding.Value;
        }

        // The outer operation: an implicit conversion makes another constant of it, 3 becomes 3d. One to a scalar of
        // torch leaves it as it is.
        if ((operation.Type.IsNamed("TorchSharp.Scalar") ? op : operation)
            .ConstantValue is { HasValue: true, Value: { } constant } && Operations.AsDouble(constant) is { } number)
        {
            var asWritten = op is ILiteralOperation or IFieldReferenceOperation
                && SymbolEqualityComparer.Default.Equals(op.Type, operation.Type)
                && Copies.Refused(op) is null;
            var text = asWritten ? Text.Of(op.Syntax) : CSharp.Literal(constant) ?? Text.Of(op.Syntax);
            return values.Add(new Leaf(text, ValueKind.Number, Signs.OfConstant(number), number));
        }

        if (op is INameOfOperation { ConstantValue.Value: string name })
        {
            return values.Add(new Leaf(CSharp.Literal(name)!, ValueKind.Other, Sign.Unknown));
        }

        if (Refuse(op))
        {
            return null;
        }

        if (op is IFieldReferenceOperation { Field: { ContainingType.IsTupleType: true } element,
            Instance: { } instance } && PlaceOf(element) is var (place, count))
        {
            return Parse(instance) is { } tuple
                ? values.Add(Matrices.ItemOf(values, tuple, place, count, Operations.KindOf(op.Type))) : null;
        }

        var (function, operands) = Recognise(op);
        return function.Length > 0 ? ParseKnown(op, function, operands) : ParseOpaque(op);
    }

    /// <summary>The functions and operators whose sign and logarithm the compiler knows; "" for all others.</summary>
    private static (string Function, IReadOnlyList<IOperation> Operands) Recognise(IOperation op) => op switch
    {
        IBinaryOperation or IUnaryOperation when !Operations.IsArithmetic(op) => ("", []),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } b => ("add", [b.LeftOperand, b.RightOperand]),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } b => ("mul", [b.LeftOperand, b.RightOperand]),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } b when Divides(b.Type) =>
            ("div", [b.LeftOperand, b.RightOperand]),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } b => ("sub", [b.LeftOperand, b.RightOperand]),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } u => ("neg", [u.Operand]),
        IPropertyReferenceOperation { Instance: { } matrix,
            Property.Name: "T" or "mT" } when Operations.KindOf(matrix.Type) == ValueKind.Tensor =>
            ("transpose", [matrix]),
        IInvocationOperation known when KnownFunctions.NameOf(known.TargetMethod) is { } function
            && Operations.Explicit(known) is { Count: > 0 } arguments && InOrder(arguments) =>
            (Transposition.NameOf(function, arguments), KnownFunctions.HasOptions(function)
                ? Options.Without(known, arguments) : arguments),
        _ => ("", []),
    };

    /// <summary>Sums and products of whole numbers wrap around: of two positive ones the product may be 0.</summary>
    private static bool CanWrap(IOperation op) => op is (IBinaryOperation or IUnaryOperation) && CanWrap(op.Type);

    private static bool CanWrap(ITypeSymbol? type) =>
        Operations.KindOf(type) == ValueKind.Number
        && type?.SpecialType is not (SpecialType.System_Double or SpecialType.System_Single);

    /// <summary>
    /// A whole number that stands for a variable, as one: C# would take a literal in its place for a byte, an
    /// enumeration or unsigned where it likes that better.
    /// </summary>
    private int AsVariable(IOperation read, int value) =>
        values[value] is Leaf { Constant: not null } number
        && read is ILocalReferenceOperation { Local: { HasConstantValue: false, Type: var type } } && CanWrap(type)
            ? values.Add(
                new Call(new([$"(({Operations.FullName(type)})", ")"]), new([value]), number.Kind, number.Sign))
            : value;

    /// <summary>
    /// C# computes such a conversion of constants otherwise than the processor does one of variables
    /// where it overflows.
    /// </summary>
    private static bool IsCutOff(IOperation op) =>
        op is IConversionOperation { IsImplicit: false, OperatorMethod: null } conversion && CanWrap(conversion.Type)
            && Operations.KindOf(conversion.Operand.Type) == ValueKind.Number && !CanWrap(conversion.Operand.Type);

    /// <summary>Whole numbers are cut off: 1/2 is 0.</summary>
    private static bool Divides(ITypeSymbol? type) =>
        Operations.KindOf(type) == ValueKind.Tensor
        || type?.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    /// <summary>Which element of a tuple a name stands for, and how many there are.</summary>
    private static (int Place, int Count)? PlaceOf(IFieldSymbol field)
    {
        var elements = field.ContainingType.TupleElements;
        var place =
            elements.ToList().FindIndex(e => e.Name == field.Name || e.CorrespondingTupleField?.Name == field.Name);
        return place >= 0 ? (place, elements.Length) : null;
    }

    /// <summary>
    /// Named arguments may stand in another order than the parameters; the tables speak of parameters.
    /// </summary>
    private static bool InOrder(IReadOnlyList<IOperation> arguments) =>
        arguments.Zip(arguments.Skip(1), (a, b) => a.Syntax.SpanStart < b.Syntax.SpanStart).All(ordered => ordered);

    private int? ParseKnown(IOperation op, string function, IReadOnlyList<IOperation> operands)
    {
        if (function.EndsWith("_", StringComparison.Ordinal))
        {
            report(Diagnostic.Create(Rules.NotInLanguage, op.Syntax.GetLocation(),
                $"'{function}' changes a tensor in place, which", $"use '{function.TrimEnd('_')}'"));
            return null;
        }

        if (!operands.All(o => Operations.KindOf(Operations.Unwrap(o).Type) is ValueKind.Tensor or ValueKind.Number))
        {
            return ParseOpaque(op);
        }

        return Build(op, function, operands);
    }

    private int? ParseOpaque(IOperation op)
    {
        var cuts = new List<IOperation>();
        if (!Collect(op, IsCondition(op) ? op : null, cuts))
        {
            return null;
        }

        var kind = Operations.KindOf(op.Type);
        if (cuts.Count == 0 && op is not IInvocationOperation and not IBinaryOperation and not IUnaryOperation)
        {
            var stated = KnownIntervals.Stated(op, report);
            var isField = op is IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation };
            return values.Add(new Leaf(Text.Of(op.Syntax), kind, Signs.Both(Operations.DeclaredSign(op), stated.Sign),
                IsField: isField, IsMask: Operations.IsMask(op))
            {
                Interval = stated,
                Matrix = MatrixMarks.Of(op),
            });
        }

        return Build(op, "", cuts);
    }

    private int? Build(IOperation op, string function, IReadOnlyList<IOperation> cuts)
    {
        var ordered = cuts.OrderBy(c => c.Syntax.SpanStart).ToList();
        var operands = new List<int>();
        foreach (var cut in ordered)
        {
            if (Parse(cut) is not { } index)
            {
                return null;
            }

            operands.Add(AsVariable(Operations.Unwrap(cut), index));
        }

        var spans = ordered.Select(c => Operations.Unwrap(c).Syntax.Span).ToList();
        var sign = Operations.DeclaredSign(op);
        sign = sign != Sign.Unknown
            ? sign
            : CanWrap(op) ? Sign.Unknown : Signs.Of(function, [.. operands.Select(i => values[i].Sign)]);
        var interval = KnownIntervals.Stated(op, report);
        interval = interval != Interval.All || CanWrap(op) ? interval
            : KnownIntervals.Of(op, function, operands, values);
        var pieces = Text.Pieces(op.Syntax, spans);
        var constants = ordered.Where(c => scope.Find(Operations.Unwrap(c))?.Value is { } known
            && values[known] is Leaf { Constant: not null }).Select(c => Operations.Unwrap(c).Syntax.Span).ToList();
        if (constants.Count > 0 && op.DescendantsAndSelf()
            .FirstOrDefault(o => IsCutOff(o) && constants.Any(o.Syntax.Span.Contains)) is { } cutOff)
        {
            report(Diagnostic.Create(
                Rules.NotInLanguage, cutOff.Syntax.GetLocation(), "A conversion of a constant to a whole number",
                "write the whole number"));
            return null;
        }

        if (constants.Count > 0 && WholeNumbers.DividedByZero(op, ConstantOf) is { } division)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, division.Syntax.GetLocation(),
                "A division of whole numbers by zero", "divide by another number"));
            return null;
        }

        if (constants.Count > 0 && op.DescendantsAndSelf().Any(
            o => CanWrap(o) && o is IBinaryOperation { IsChecked: false } or IUnaryOperation { IsChecked: false }))
        {
            // Of variables it wraps around when it runs; of the constants that stand for them here C#
            // would not compile it.
            pieces[0] = "unchecked(" + pieces[0];
            pieces[pieces.Count - 1] += ")";
        }

        var marked = MatrixMarks.Of(op);
        return values.Add(new Call(
            new(pieces), new(operands), Operations.KindOf(op.Type), Signs.Both(sign, interval.Sign), function,
            Operations.Conditioner(op, IsLoopVariable), Promises.Of(op, ordered, report))
        {
            Interval = interval,
            Matrix = marked != default ? marked : Matrices.Of(values, function, operands),
            Options = KnownFunctions.HasOptions(function) ? Options.Of((IInvocationOperation)op) : default,
        });
    }

    /// <summary>
    /// Collects the outermost operations below <paramref name="op"/> that need a variable of their own.
    /// </summary>
    private bool Collect(IOperation op, IOperation? condition, List<IOperation> cuts)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var child in op.ChildOperations)
        {
            var inner = Operations.Unwrap(child);
            if (inner is INameOfOperation)
            {
                // A name is text: nothing is read, and the variable may have another name in the emitted code.
                cuts.Add(inner);
                continue;
            }

            if (Refuse(child is IArgumentOperation ? child : inner) || Refuse(inner))
            {
                return false;
            }

            var isReference = scope.Find(inner) is not null;
            // An argument of a method that works entry by entry stands for its entries, where these are
            // asked for one by one.
            var isComputed = Operations.KindOf(inner.Type) == ValueKind.Tensor
                && (inner is (IInvocationOperation or IBinaryOperation or IUnaryOperation)
                    || (inner is IMemberReferenceOperation && op is IInvocationOperation { Instance: var host }
                        && host != child && Promises.IsElementwise(op)));
            if (isReference || isComputed)
            {
                // A variable is there anyway; what would be computed is computed whichever side is taken.
                if (condition is not null && isComputed)
                {
                    report(Diagnostic.Create(Rules.NotInLanguage, condition.Syntax.GetLocation(),
                        "A condition inside an expression", Advice.ForExpression(condition)));
                    return false;
                }

                cuts.Add(inner);
            }
            else if (!Collect(inner, condition ?? (IsCondition(inner) ? inner : null), cuts))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Only one side is evaluated, where cut-out operands would all be.</summary>
    private static bool IsCondition(IOperation op) =>
        op is IConditionalOperation or ICoalesceOperation
        or IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr };

    private bool Refuse(IOperation op)
    {
        if (Impurity.Of(op) is { } impurity)
        {
            report(Diagnostic.Create(Rules.NotInLanguage, op.Syntax.GetLocation(),
                $"{Fault.Quote(op.Syntax)}, which {impurity.Does},", impurity.Instead));
            return true;
        }

        if (Operations.Refused(op) is not { } what)
        {
            return false;
        }

        report(Diagnostic.Create(Rules.NotInLanguage, op.Syntax.GetLocation(), what, Advice.ForExpression(op)));
        return true;
    }

    /// <summary>The number that stands for a variable; null for all else.</summary>
    private double? ConstantOf(IOperation read) => scope.Find(read)?.Value is { } known
        && values[known] is Leaf { Constant: { } number } ? number : null;

    private bool IsLoopVariable(ISymbol symbol) =>
        scope.Find(symbol)?.Value is { } value && values[value] is Leaf { Loop: not null };

    private int? ReadPart(int part, IOperation op)
    {
        // The shape of a part that was mapped is that of what it has become, as far as nothing moved.
        var isShapeOnly = ShapeQuestions.IsAskedOf(op);
        if (isShapeOnly || scope.IsLive(part))
        {
            return values.Add(new PartRead(part, isShapeOnly));
        }

        report(Diagnostic.Create(Rules.StaleRead, op.Syntax.GetLocation(),
            string.Format(CultureInfo.InvariantCulture, "'{0}' has been mapped or taken apart before", op.Syntax)));
        return null;
    }
}
