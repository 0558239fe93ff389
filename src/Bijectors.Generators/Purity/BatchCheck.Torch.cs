using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>What functions and indices of torch do with the axes.</summary>
internal sealed partial class BatchCheck
{
    private const string Instead =
        "use functions that work on each entry or along the axes of the event, counted from the end";

    private Extent? Torch(IInvocationOperation call, IMethodSymbol method, Extent? subject,
        List<(IParameterSymbol? Parameter, Extent? Extent)> arguments, Extent all)
    {
        // What works in place is judged as what it writes.
        var name = (KnownFunctions.NameOf(method) ?? method.Name).TrimEnd('_');
        if (BatchFunctions.IsElementwise(name))
        {
            return all;
        }

        switch (name)
        {
            case "permute":
                Permuted(call, subject ?? all);
                return Extent.Unknown;
            case "einsum":
                Contracted(call);
                return Extent.Unknown;
            case "cat" or "concat" or "concatenate" or "vstack" or "hstack" or "row_stack" or "column_stack":
            case var _ when Reduction.IsLoss(name):
                return all;
            case "stack" or "unsqueeze":
                return Axis(call) switch
                {
                    0 => all with { Before = all.Before + 1 },
                    < 0 and var at when -at <= all.Rank + 1 => all.With(1),
                    _ => Extent.Unknown,
                };
            case "squeeze":
                return Axis(call) is < 0 and var gone && -gone <= all.Rank ? all.With(-1) : Extent.Unknown;
            case "reshape" or "view":
                return Reshaped(call);
            case "ravel":
                return Extent.Likely(0);
            case "flatten":
                return Flattened(call, subject ?? all);
            case "repeat" or "tile":
                return Repeated(call, subject ?? all);
            case "pad":
                Padded(call, subject ?? all);
                return all;
            case "layer_norm":
                Normalised(call, subject ?? all);
                return all;
            case "bucketize" when arguments.Skip(call.Instance is null ? 1 : 0)
                .All(a => a.Extent is null or { IsCount: true }):
                return subject;
            case "searchsorted" when arguments[0].Extent is null or { IsPlain: true }:
                return arguments[^1].Extent ?? all;
            case "allclose" or "equal" or "is_nonzero" when _call is not null:
                return null;
        }

        if (Reduction.IsOfMatrices(name))
        {
            AlongLast(call, 2, subject ?? all);
            return name is "tril" or "triu" ? all : Extent.Unknown;
        }

        if (BatchFunctions.Last(name) is { } last)
        {
            return Taken(call, name, last, arguments, all);
        }

        if (BatchFunctions.Mixes(name))
        {
            Report(call, "all of the batch", isCertain: (subject ?? all).IsPlain, Instead);
        }
        else if (!BatchFunctions.KeepsApart(name) && !BatchFunctions.IsQuestion(name) && IsFunction(method))
        {
            Report(call, "axes that are not known", isCertain: false, Instead);
        }

        return Extent.Unknown;
    }

    /// <summary>Whether a method of torch computes something of tensors: what makes a layer does not.</summary>
    private static bool IsFunction(IMethodSymbol method) =>
        method.ContainingAssembly.Name == "TorchSharp"
        && (Operations.IsTensor(method.ContainingType)
            || method.ContainingType.ToDisplayString() is "TorchSharp.torch" or "TorchSharp.torch.linalg"
                or "TorchSharp.torch.special" or "TorchSharp.torch.fft" or "TorchSharp.torch.nn.functional");

    /// <summary>A function of the last axes: of the first operand's, and of others' that depend on the point.</summary>
    private Extent? Taken(IInvocationOperation call, string name, int last,
        List<(IParameterSymbol? Parameter, Extent? Extent)> arguments, Extent all)
    {
        var given = arguments.Where(a => a.Extent is { IsCount: false }).ToList();
        var first = call.Instance is null ? arguments.FirstOrDefault().Extent : Visit(call.Instance);
        if (first is { IsCount: false } leading)
        {
            AlongLast(call, last, leading);
        }

        foreach (var (parameter, extent) in given.Where(a => call.Instance is not null || a.Parameter?.Ordinal > 0))
        {
            // A matrix on the right is made of its last two axes.
            if (Operations.IsTensor(parameter?.Type) && name is not ("interpolate" or "upsample"))
            {
                AlongLast(call, Math.Max(last, name is "linear" or "mm" or "matmul" or "addmm" ? 2 : 1), extent!.Value);
            }
        }

        return name is "linear" or "mm" or "matmul" or "bmm" or "matrix_exponential" or "pieces" ? all : Extent.Unknown;
    }

    /// <summary>The axis that a call names; null where it is no literal.</summary>
    private int? Axis(IInvocationOperation call) =>
        call.Arguments.FirstOrDefault(a => a.Parameter?.Name is "dim") is { } argument
            ? Reduction.Literals(argument.Value, Known).FirstOrDefault() : null;

    private void Contracted(IInvocationOperation call)
    {
        var equation = call.Arguments.Select(a => Reduction.Plain(a.Value).ConstantValue)
            .Select(c => c.HasValue ? c.Value as string : null).FirstOrDefault(t => t is not null);
        var operands = call.Arguments.Select(a => Reduction.Plain(a.Value)).SelectMany(v => v switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            _ => Operations.IsTensor(v.Type) ? [v] : [],
        }).Select(o => Visit(o) is not null).ToList();
        if (equation is null || operands.Count == 0)
        {
            Report(call, "axes that are not told here", isCertain: false, "write the equation as a literal");
        }
        else if (BatchFunctions.WhyMixes(equation, operands) is { } axis)
        {
            Report(
                call, axis, isCertain: true,
                "let the letter of the batch stand first in each operand and the result");
        }
    }

    /// <summary>After a change of shape: what stands behind the axis of the batch is likely the event.</summary>
    private Extent Reshaped(IInvocationOperation call)
    {
        var sizes = call.Arguments.SelectMany(a => Reduction.Plain(a.Value) switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation { Elements: var elements }
                when !elements.Any(e => e is ISpreadOperation) => elements,
            var one when BatchSizes.IsNumber(one.Type) => [one],
            _ => [],
        }).ToList();
        var batch = sizes.FindIndex(s => Visit(s) is { IsCount: true });
        batch = batch < 0 ? sizes.FindIndex(s => Reduction.Literals(s, Known).FirstOrDefault() is -1) : batch;
        return batch < 0 ? Extent.Unknown : Extent.Likely(sizes.Count - 1 - batch);
    }

    private Extent Flattened(IInvocationOperation call, Extent extent)
    {
        int? At(string name) => call.Arguments.FirstOrDefault(a => a.Parameter?.Name == name) is { } argument
            ? Reduction.Literals(argument.Value, Known).FirstOrDefault() : null;
        return (At("start_dim"), At("end_dim")) switch
        {
            (0, -1) => Extent.Likely(0),
            (0, < -1 and { } end) when -end > extent.Rank => extent,
            (0, < 0 and { } end) => Extent.Likely(-end - 1),
            ( > 0, -1) => Extent.Likely(1),
            ( < 0 and { } start, -1) when -start <= extent.Rank => extent.With(start + 1),
            _ => Extent.Unknown,
        };
    }

    private Extent Repeated(IInvocationOperation call, Extent extent)
    {
        var times = call.Arguments.Where(a => !Operations.IsTensor(a.Parameter?.Type))
            .SelectMany(a => Reduction.Literals(a.Value, Known)).ToList();
        if (extent.Rank is not { } rank || times.Contains(null)
            || times.Take(Math.Max(times.Count - rank, 0)).Any(t => t != 1))
        {
            Report(call, "axes that may be the batch's", isCertain: false, "repeat along axes of the event only");
        }

        return extent;
    }

    private void Padded(IInvocationOperation call, Extent extent)
    {
        var widths = call.Arguments.Where(a => a.Parameter?.Name == "pad")
            .SelectMany(a => Reduction.Literals(a.Value, Known)).ToList();
        if (widths.Contains(null) || extent.Rank is null)
        {
            Report(call, "axes that are not told here", isCertain: false, "write the widths as literals");
        }
        else
        {
            AlongLast(call, (widths.Count + 1) / 2, extent);
        }
    }

    private void Normalised(IInvocationOperation call, Extent extent)
    {
        var over = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "normalized_shape")?.Value;
        var sizes = over is null ? null : Visit(over);
        if (sizes is { IsCount: true })
        {
            Report(call, "axes of the batch", extent.IsSure && sizes.Value.IsShape, "name the sizes of the event only");
        }
        else if (over is not null && Reduction.Plain(over) is IArrayCreationOperation { Initializer: { } initializer })
        {
            AlongLast(call, initializer.ElementValues.Length, extent);
        }
        else if (over is not null && Reduction.Plain(over) is ICollectionExpressionOperation collection
            && !collection.Elements.Any(e => e is ISpreadOperation))
        {
            AlongLast(call, collection.Elements.Length, extent);
        }
    }

    /// <summary>A tensor whose shape is computed from the number of points.</summary>
    private Extent? Sized(IInvocationOperation call, string name)
    {
        if (!BatchFunctions.IsFactory(name) && !BatchFunctions.IsElementwise(name) && !BatchFunctions.KeepsApart(name)
            && name is not ("reshape" or "view" or "repeat" or "tile"))
        {
            // Numbers that become entries are reported by themselves.
            if (!call.Arguments.Any(a => a.Parameter is { } p && BatchSizes.IsEntry(p) && Visit(a.Value) is not null))
            {
                Report(
                    call, "the batch, whose size it depends on", isCertain: false,
                    "use sizes of the batch as shapes only");
            }

            return Extent.Unknown;
        }

        return call.Arguments.Select(a => Visit(a.Value)).FirstOrDefault(e => e is { IsShape: true }) is { } shape
            ? shape with { IsCount = false, IsShape = false }
            : Reshaped(call);
    }

    /// <summary>An index or a property of a tensor that moves axes or picks along some.</summary>
    private Extent? Moved(IPropertyReferenceOperation property, Extent extent)
    {
        switch (property.Property.Name)
        {
            case "T" or "H":
                Along(property, 0, extent);
                return Extent.Unknown;
            case "mT" or "mH":
                AlongLast(property, 2, extent);
                return extent;
            case "real" or "imag":
                return extent;
            case var _ when property.Property.IsIndexer:
                return Indexed(property, extent);
            default:
                return HoldsTensors(property.Type) ? Extent.Unknown : null;
        }
    }

    private Extent Indexed(IPropertyReferenceOperation property, Extent extent)
    {
        var indices = property.Arguments.SelectMany(a => Reduction.Plain(a.Value) switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            ICollectionExpressionOperation collection => collection.Elements,
            var one => [one],
        }).Select(Reduction.Plain).ToList();
        var ellipsis = indices.FindIndex(i => Names(i, "Ellipsis"));
        var front = ellipsis < 0 ? indices : indices.Take(ellipsis).ToList();
        var back = ellipsis < 0 ? [] : indices.Skip(ellipsis + 1).Where(i => !Names(i, "None", "Null")).ToList();
        var at = 0;
        foreach (var index in front.Where(i => !Names(i, "None", "Null")))
        {
            // Further axes from the front are the event's as far as anybody can tell.
            if (at++ is var axis && axis <= extent.Before && !IsWhole(index))
            {
                Along(property, axis, extent);
            }
        }

        for (var i = 0; i < back.Count; i++)
        {
            if (!IsWhole(back[i]))
            {
                Along(property, i - back.Count, extent);
            }
        }

        var gone = back.Count(IsNumber);
        var more = ellipsis < 0 ? 0 : indices.Skip(ellipsis + 1).Count(i => Names(i, "None", "Null"));
        return ellipsis == 0 ? extent.With(more - gone)
            : indices is [var only] && IsNumber(only) && extent.Before > 0 ? extent with { Before = extent.Before - 1 }
            : Extent.Unknown;
    }

    private static bool IsNumber(IOperation index) =>
        BatchSizes.IsNumber(index.Type)
        || index is IInvocationOperation { TargetMethod.Name: "Single" };

    /// <summary>Whether an index takes all of an axis.</summary>
    private static bool IsWhole(IOperation index) => Names(index, "Colon")
        || index is IRangeOperation { LeftOperand: null, RightOperand: null }
        || index is IInvocationOperation { TargetMethod.Name: "Slice" } slice
            && slice.Arguments.All(a => a.ArgumentKind == ArgumentKind.DefaultValue);

    private static bool Names(IOperation index, params string[] names) =>
        index is IMemberReferenceOperation { Member: { ContainingType.Name: "TensorIndex", Name: var name } }
            && names.Contains(name)
        || (names[0] == "None" && index.ConstantValue is { HasValue: true, Value: null })
        || (names[0] == "Ellipsis" && index.ConstantValue is { HasValue: true, Value: "..." });
}
