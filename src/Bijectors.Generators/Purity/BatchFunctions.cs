using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// What functions of torch that are told no axis do with the points of a batch. What stands in no table here and in
/// none of <see cref="Reduction"/> may do anything.
/// </summary>
internal static class BatchFunctions
{
    /// <summary>
    /// Each entry of the result depends on the same entry of the operands only, besides those of the tables.
    /// </summary>
    private static readonly HashSet<string> Elementwise =
    [
        "absolute", "addcdiv", "addcmul", "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2",
        "arctanh", "atan2", "bitwise_and", "bitwise_left_shift", "bitwise_not", "bitwise_or", "bitwise_right_shift",
        "bitwise_xor", "ceil", "clamp_max", "clamp_min", "complex", "conj", "conj_physical", "copysign", "deg2rad",
        "digamma", "divide", "eq", "fix", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod", "frac",
        "frexp", "gcd", "ge", "greater", "greater_equal", "gt", "heaviside", "hypot", "i0", "igamma", "igammac",
        "imag", "isclose", "isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "lcm", "ldexp", "le",
        "lerp", "less", "less_equal", "lgamma", "logaddexp2", "logical_and", "logical_not", "logical_or",
        "logical_xor", "lt", "max", "min", "multiply", "mvlgamma", "nan_to_num", "ne", "negative", "nextafter",
        "not_equal", "polar", "polygamma", "positive", "rad2deg", "real", "remainder", "round", "sgn", "sign",
        "signbit", "sinc", "subtract", "true_divide", "trunc", "where", "xlogy", "celu", "hardswish", "log_sigmoid",
        "masked_fill", "prelu", "threshold", "Hardshrink", "Hardtanh", "Mish", "SiLU", "Softshrink", "Tanhshrink",
        "Threshold", "hardshrink", "softshrink", "tanhshrink", "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0",
        "bessel_y1", "entr", "erfcx", "gammainc", "gammaincc", "gammaln", "i0e", "i1", "i1e", "modified_bessel_i0",
        "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "multigammaln", "ndtr", "ndtri", "psi",
        "scaled_modified_bessel_k0", "scaled_modified_bessel_k1", "spherical_bessel_j0", "xlog1py", "zeta",
        "zeros_like", "ones_like", "full_like", "resolve_conj", "resolve_neg", "to", "type", "type_as", "to_type",
        "detach", "contiguous", "alias", "bfloat16", "bool", "byte", "cdouble", "cfloat", "char", "cpu", "cuda",
        "double", "float", "half", "int", "long", "short", "mps", "pin_memory", "with_requires_grad", "requires_grad",
        "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope", "fill", "zero", "copy",
        "AsParameter", "one_hot", "expand_as", "broadcast_tensors",
    ];

    /// <summary>What a person asks a tensor that says nothing about its entries, or of one entry.</summary>
    private static readonly HashSet<string> Questions =
    [
        "size", "dim", "numel", "item", "Dispose", "element_size", "stride", "is_complex", "is_floating_point",
        "is_integral", "is_contiguous", "is_cpu", "is_quantized", "has_names", "ToString", "str", "Equals",
        "GetHashCode", "ToScalar", "ToDouble", "ToSingle", "ToHalf", "ToInt32", "ToInt64", "ToBoolean", "can_cast",
        "result_type", "promote_types", "broadcast_shapes", "call", "forward", "ElementSize", "TotalSize",
    ];

    /// <summary>The points stay apart, but axes move or get another length: nothing is known of the result's.</summary>
    private static readonly HashSet<string> Apart =
    [
        "dstack", "expand", "broadcast_to", "view_as", "embedding",
        "view_as_real", "view_as_complex", "diag_embed", "vecdot", "pairwise_distance", "solve", "bilinear",
        "new_zeros", "new_ones", "new_full", "unflatten",
    ];

    /// <summary>Every point sees every other one.</summary>
    private static readonly HashSet<string> Mixing =
    [
        "outer", "ger", "kron", "block_diag", "cartesian_prod", "meshgrid", "batch_norm", "take", "cov", "corrcoef",
        "combinations", "bincount", "histogram", "unique_consecutive", "masked_select", "pdist", "adaptive_softmax",
    ];

    /// <summary>Functions of the last axes of what comes first; those before them are a batch's. How many.</summary>
    private static readonly Dictionary<string, int> LastAxes = new()
    {
        ["linear"] = 1, ["mm"] = 1, ["matmul"] = 1, ["addmm"] = 1, ["bmm"] = 2, ["baddbmm"] = 2, ["glu"] = 1,
        ["scaled_dot_product_attention"] = 2, ["matrix_exponential"] = 2, ["solve_triangular"] = 2, ["eig"] = 2,
        ["eigvals"] = 2, ["matrix_rank"] = 2, ["cholesky_solve"] = 2, ["lu_solve"] = 2, ["pixel_shuffle"] = 3,
        ["pixel_unshuffle"] = 3, ["interpolate"] = 3, ["upsample"] = 3, ["softmax2d"] = 3, ["inv_ex"] = 2,
        ["cholesky_ex"] = 2, ["lu_factor"] = 2, ["lstsq"] = 2, ["cond"] = 2, ["instance_norm"] = 2,
        ["pieces"] = 1,
    };

    private static readonly HashSet<string> Factories =
    [
        "ones", "zeros", "full", "empty", "rand", "randn", "randint", "normal",
    ];

    /// <summary>Whether each entry of a function's result depends on the same entry of its operands only.</summary>
    public static bool IsElementwise(string function) =>
        KnownFunctions.IsElementwise(function) || Elementwise.Contains(function)
        || function.Contains("_polynomial_");

    /// <summary>
    /// Whether a function gives what does not depend on the values of other points: a shape, a dtype.
    /// </summary>
    public static bool IsQuestion(string function) => Questions.Contains(function);

    /// <summary>Whether a function keeps the points separate and gives other axes.</summary>
    public static bool KeepsApart(string function) => Apart.Contains(function);

    /// <summary>Whether a function mixes the points of a batch, whatever its arguments.</summary>
    public static bool Mixes(string function) => Mixing.Contains(function);

    /// <summary>Whether a function makes a tensor of a given shape, and depends on nothing else.</summary>
    public static bool IsFactory(string function) => Factories.Contains(function);

    /// <summary>How many of the last axes a function takes together; null where there is no such number.</summary>
    public static int? Last(string function) => LastAxes.TryGetValue(function, out var axes) ? axes
        : (function.StartsWith("conv", StringComparison.Ordinal) || function.Contains("_pool")
            || function.StartsWith("max_unpool", StringComparison.Ordinal))
            && function.FirstOrDefault(c => c is >= '1' and <= '3') is var digit and not '\0' ? digit - '0' + 1
        : null;

    /// <summary>
    /// Why an equation of <c>einsum</c> shows the points each other; null where it does not. The first axis of each
    /// operand is the batch's, or an ellipsis stands for all of the batch's.
    /// </summary>
    /// <param name="equation">What is written.</param>
    /// <param name="depends">Which operands depend on the point.</param>
    public static string? WhyMixes(string equation, IReadOnlyList<bool> depends)
    {
        var sides = equation.Replace(" ", "").Split(["->"], StringSplitOptions.None);
        var terms = sides[0].Split(',');
        if (terms.Length != depends.Count || sides.Length != 2)
        {
            return "axes that are not told";
        }

        var firsts = terms.Where((t, i) => depends[i] && !t.StartsWith("...", StringComparison.Ordinal)).ToList();
        if (terms.Where((t, i) => depends[i] && t.StartsWith("...", StringComparison.Ordinal)).Any()
            && !sides[1].StartsWith("...", StringComparison.Ordinal))
        {
            return "the axes of '...'";
        }

        foreach (var term in firsts)
        {
            // Other operands have another letter there, or this one stands at another place.
            if (term.Length == 0 || !sides[1].Contains(term[0]) || firsts.Any(t => t.Length > 0 && t[0] != term[0])
                || firsts.Any(t => t.IndexOf(term[0], 1) > 0))
            {
                return term.Length == 0 ? "axes that are not told" : $"axis '{term[0]}'";
            }
        }

        return null;
    }
}
