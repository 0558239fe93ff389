using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Language;

/// <summary>Which C# methods spell which rows, and what is known of functions in conditioning expressions.</summary>
internal static class KnownFunctions
{
    private static readonly HashSet<string> Hosts =
    [
        "TorchSharp.torch", "TorchSharp.torch.Tensor", "TorchSharp.torch.linalg", "TorchSharp.torch.special",
            "TorchSharp.torch.nn.functional", "Bijectors.Elementwise", "Bijectors.LowRank", "Bijectors.MatrixFunctions",
            "Bijectors.Stick", "System.Math",
    ];

    /// <summary>Their last names: most types are told by these.</summary>
    private static readonly HashSet<string> HostNames = [.. Hosts.Select(h => h.Substring(h.LastIndexOf('.') + 1))];

    private static readonly Dictionary<string, string> Spellings = new()
    {
        ["negative"] = "neg", ["arctanh"] = "atanh", ["arcsinh"] = "asinh", ["arccosh"] = "acosh", ["arctan"] = "atan",
        ["arcsin"] = "asin", ["Softplus"] = "softplus", ["Logit"] = "logit", ["Softsign"] = "softsign",
        ["Sigmoid"] = "sigmoid", ["expit"] = "sigmoid", ["Exp"] = "exp", ["Sqrt"] = "sqrt", ["Abs"] = "abs",
        ["Pow"] = "pow", ["Cosh"] = "cosh", ["Cos"] = "cos", ["Sin"] = "sin", ["Exponential"] = "matrix_exponential",
        ["Pieces"] = "pieces",
    };

    private static readonly HashSet<string> AlwaysPositive = ["exp", "exp2", "sigmoid", "softplus", "cosh", "rsqrt"];

    // Besides the rows of the table.
    private static readonly HashSet<string> WorkElementwise =
    [
        "add", "sub", "mul", "div", "exp2", "sin", "cos", "tan", "acos", "erfc", "relu", "relu6", "gelu", "silu",
        "mish", "hardtanh", "hardsigmoid", "abs", "clamp", "clip", "minimum", "maximum", "logaddexp", "clone", "alias",
        "Logit", "Softplus", "Softsign",
    ];

    private static readonly HashSet<string> Random =
    [
        "normal", "bernoulli", "multinomial", "poisson", "binomial", "rrelu", "gumbel_softmax", "sample", "rsample",
        "empty", "empty_like", "new_empty", "empty_strided", "uniform_", "normal_", "bernoulli_", "random_",
        "exponential_", "cauchy_", "geometric_", "log_normal_",
    ];

    /// <summary>
    /// The name of a torch function or of one of ours, as the tables spell it; null for anything else.
    /// </summary>
    public static string? NameOf(IMethodSymbol method) =>
        method.ContainingType is { } type && HostNames.Contains(type.Name) && Hosts.Contains(type.ToDisplayString())
            ? Spellings.TryGetValue(method.Name, out var name) ? name : method.Name
            : null;

    /// <summary>Whether each entry of a function's result depends on the same entry of its operands only.</summary>
    public static bool IsElementwise(string function) =>
        WorkElementwise.Contains(function) || Primitives.All.ContainsKey(function);

    /// <summary>Whether a function is greater than zero wherever it is defined.</summary>
    public static bool IsPositive(string function) => AlwaysPositive.Contains(function);

    /// <summary>
    /// Whether a function keeps the sign it is given: a square root of a positive value is positive, a reciprocal too.
    /// </summary>
    public static bool KeepsPositive(string function) =>
        function is "sqrt" or "reciprocal" or "square" or "sinh" or "tanh" or "asinh" or "atan"
            or "expm1" or "log1p" or "clone" or "alias" or "unsqueeze" or "view" or "reshape";

    /// <summary>
    /// Whether a function means something else by arguments that are neither tensors nor numbers, and these are read.
    /// </summary>
    public static bool HasOptions(string function) => function is "sum" or "norm" or "eye" or "qr" or "cumsum"
        or "cumprod";

    /// <summary>
    /// Whether a function gives another value at every call, so that the inverse would not see the forward map's.
    /// </summary>
    public static bool IsRandom(string function) =>
        function.StartsWith("rand", StringComparison.Ordinal)
        || function.Contains("dropout") || Random.Contains(function);

    /// <summary>
    /// Why a common function is refused, and what to write instead; null for functions nobody asked about.
    /// </summary>
    public static string? WhyNot(string function) => function switch
    {
        "relu" or "relu6" or "hardtanh" or "clamp" or "clip" or "threshold" or "hardsigmoid" or "hardswish" =>
            $"'{function}' maps many inputs to one output; leaky_relu, softplus or elu are invertible",
        "abs" or "cos" or "sin" or "tan" => $"'{function}' is not one-to-one on the real line",
        "gelu" or "silu" or "mish" => $"'{function}' is not monotone; leaky_relu, softplus or elu are invertible",
        "sum" or "mean" or "max" or "min" or "norm" or "log_softmax" or "logsumexp" =>
            $"'{function}' loses information",
        "softmax" => "'softmax' gives the same of x and x + 1; Stick.Pieces(x) maps one to one onto the simplex",
        "round" or "floor" or "ceil" or "sign" or "trunc" => $"'{function}' is constant between jumps",
        "mm" or "bmm" or "mv" or "einsum" or "addmm" =>
            $"'{function}' is written torch.matmul(x, Q) here, with a matrix Q that is known not to be singular",
        "logcumsumexp" => $"'{function}' gives increasing numbers only, which no codomain of intervals says",
        "flip" or "roll" or "permute" or "reshape" or "view" or "flatten" or "transpose"
            or "narrow" or "chunk" or "split" or "cat" or "concat" =>
            $"'{function}' is written with Parts or Partition here (Parts.Flip, Parts.Roll, Parts.Reshape, "
            + "Parts.Transpose, Parts.Halves, Parts.Join)",
        _ => null,
    };
}
