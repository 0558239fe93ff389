using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// A call of torch whose results depend on other entries along some axes: a reduction, a normalisation, a move, a
/// choice.
/// </summary>
/// <param name="Axes">The axes, where they are literals; null where they are not.</param>
/// <param name="IsWhole">Whether it runs over all axes.</param>
/// <param name="Removed">How many axes its result has fewer.</param>
internal sealed record Reduction(IReadOnlyList<int>? Axes, bool IsWhole, int Removed)
{
    /// <summary>
    /// Functions that take all axes where they are told none, and leave out those that they ran over.
    /// </summary>
    private static readonly HashSet<string> Removing =
    [
        "mean", "sum", "max", "min", "std", "var", "prod", "norm", "median", "nanmedian", "nanmean", "nansum", "all",
        "any", "argmax", "argmin", "amax", "amin", "aminmax", "count_nonzero", "std_mean", "var_mean", "logsumexp",
        "vector_norm", "matrix_norm", "quantile", "nanquantile", "mode", "kthvalue", "trapz", "trapezoid",
        "cosine_similarity", "unique", "histc", "trace", "dot", "vdot", "dist", "select", "unbind",
    ];

    /// <summary>Functions that keep the axes.</summary>
    private static readonly HashSet<string> Keeping =
    [
        "softmax", "log_softmax", "softmin", "cumsum", "cumprod", "cummax", "cummin", "logcumsumexp", "sort", "argsort",
        "msort", "topk", "normalize", "renorm", "flip", "flipud", "roll", "rot90", "fft", "ifft", "rfft",
        "irfft", "fft2", "ifft2", "fftn", "ifftn", "rfftn", "irfftn", "transpose", "swapaxes", "swapdims", "narrow",
        "slice", "index_select", "gather", "take_along_dim", "chunk", "split", "tensor_split", "movedim", "moveaxis",
        "t", "diagonal", "fliplr", "unfold", "cross", "repeat_interleave", "cumulative_trapezoid", "gradient",
        "scatter", "scatter_add", "index_add", "index_copy", "index_fill", "select_scatter", "slice_scatter",
        "diff", "fftshift", "ifftshift", "hfft", "ihfft", "hfft2", "ihfft2", "hfftn", "ihfftn", "argwhere", "nonzero",
    ];

    /// <summary>Functions of the matrices in the last two axes.</summary>
    private static readonly HashSet<string> OfMatrices =
    [
        "tril", "triu", "adjoint", "inv", "inverse", "pinv", "pinverse", "det", "logdet", "slogdet", "cholesky", "qr",
        "lu", "svd", "svdvals", "eigh", "eigvalsh", "matrix_exp", "matrix_power", "cdist",
    ];

    // Fields may be given one another in a circle.
    private const int DeepestVariable = 8;

    private static readonly HashSet<string> AxisNames =
        ["dim", "dims", "dimension", "dimensions", "axis", "dim0", "dim1", "dim2", "axis0", "axis1",
            "source", "destination"];

    /// <summary>Whether a function is one that runs over all axes where it is told none.</summary>
    public static bool RunsOverAll(string function) => Removing.Contains(function);

    /// <summary>The reduction that a call is; null for all others.</summary>
    /// <param name="call">The call.</param>
    /// <param name="known">What a variable was given.</param>
    public static Reduction? Of(IInvocationOperation call, Func<IOperation, IOperation?> known)
    {
        var method = call.TargetMethod;
        if (method.ContainingAssembly.Name != "TorchSharp"
            || method.Parameters.Any(p => p.Name is "other" && method.Name is "max" or "min"))
        {
            return null;
        }

        if (IsLoss(method.Name))
        {
            var reduction = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "reduction")?.Value;
            return reduction is IFieldReferenceOperation { Field.Name: "None" } ? null : new(null, IsWhole: true, 0);
        }

        var removes = Removing.Contains(method.Name);
        if (!removes && !Keeping.Contains(method.Name))
        {
            return null;
        }

        var given = call.Arguments.Where(a => a.Parameter is { } p && AxisNames.Contains(p.Name)).ToList();
        if (given.Count == 0 || given.All(a => IsEmpty(a.Value)))
        {
            return method.Name switch
            {
                "msort" or "flipud" or "t" or "diagonal" => new([0], IsWhole: false, 0),
                "fliplr" => new([1], IsWhole: false, 0),
                "fft2" or "ifft2" or "rfft2" or "irfft2" or "hfft2" or "ihfft2" => new([-1, -2], IsWhole: false, 0),
                _ => new(null, IsWhole: true, 0),
            };
        }

        var axes = given.SelectMany(a => Literals(a.Value, known)).ToList();
        var literals = axes.OfType<int>().ToList();
        var keeps = !removes
            || call.Arguments.Any(a => a is { Parameter.Name: "keepdim", Value.ConstantValue.Value: true });
        return new(literals.Count == axes.Count ? literals : null, IsWhole: false, keeps ? 0 : axes.Count);
    }

    /// <summary>Whether a function of torch works on the matrices in the last two axes.</summary>
    public static bool IsOfMatrices(string function) => OfMatrices.Contains(function);

    /// <summary>Whether a function is a loss, which takes all entries together unless it is told not to.</summary>
    public static bool IsLoss(string name) =>
        name.EndsWith("_loss", StringComparison.Ordinal)
            || name is "cross_entropy" or "kl_div" or "binary_cross_entropy" or "binary_cross_entropy_with_logits";

    private static bool IsEmpty(IOperation value) => Plain(value) switch
    {
        { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation => true,
        IArrayCreationOperation { Initializer.ElementValues.IsEmpty: true }
            or ICollectionExpressionOperation { Elements.IsEmpty: true } => true,
        _ => false,
    };

    /// <summary>The whole numbers that an argument is written with; null for what is no literal.</summary>
    /// <param name="value">What is written.</param>
    /// <param name="known">What a variable was given; nothing where it is not asked.</param>
    /// <param name="depth">How many variables deep this is.</param>
    public static IEnumerable<int?> Literals(
        IOperation value, Func<IOperation, IOperation?>? known = null, int depth = 0) =>
        Plain(value) switch
        {
            { ConstantValue: { HasValue: true, Value: { } constant } } =>
                [Operations.AsDouble(constant) is { } number ? (int)number : null],
            IArrayCreationOperation { Initializer: { } initializer } =>
                initializer.ElementValues.SelectMany(e => Literals(e, known, depth)),
            ICollectionExpressionOperation collection => collection.Elements.SelectMany(e => Literals(e, known, depth)),
            ITupleOperation tuple => tuple.Elements.SelectMany(e => Literals(e, known, depth)),
            IObjectCreationOperation { Arguments: [var only] } => Literals(only.Value, known, depth),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } last
                when BatchSizes.IsDimension(last.LeftOperand)
                && Plain(last.RightOperand).ConstantValue is { HasValue: true, Value: { } back }
                && Operations.AsDouble(back) is { } far => [-(int)far],
            var other when depth < DeepestVariable && known?.Invoke(other) is { } given =>
                Literals(given, known, depth + 1),
            _ => [null],
        };

    /// <summary>
    /// Without conversions: arrays become spans, numbers become nullable ones, by conversions of their own.
    /// </summary>
    public static IOperation Plain(IOperation value)
    {
        var op = Operations.Unwrap(value);
        return op is IConversionOperation conversion ? Plain(conversion.Operand) : op;
    }
}
