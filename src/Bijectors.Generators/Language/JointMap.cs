using System.Globalization;

namespace Bijectors.Generators.Language;

/// <summary>
/// A surface in a space of more entries than the points that are mapped onto it have. Log-dets are in its measure, so
/// that no step can stand behind: its log-det there would depend on the surface.
/// </summary>
/// <param name="Domain">The set of its points, as C#.</param>
/// <param name="OutputShape">The shape of its points, from the shape <c>{in}</c> of those that are mapped.</param>
/// <param name="InputShape">The other way.</param>
internal sealed record Surface(string Domain, string OutputShape, string InputShape);

/// <summary>
/// One map of a part whose entries are mapped together. Templates are C# with holes: <c>{x}</c> the input, <c>{y}</c>
/// the output, <c>{in}</c> whichever of them the member starts from, <c>{k0}</c>, <c>{k1}</c>, ... the known operands,
/// <c>{k2..}</c> those from there on, <c>{rank}</c> and <c>{own}</c> how many dimensions the event has, and how many of
/// them the bijector calls its own.
/// </summary>
/// <param name="Name">What the map is called in messages.</param>
/// <param name="Forward">y from x.</param>
/// <param name="Inverse">x from y.</param>
/// <param name="LogDet">log|det dy/dx|, from x and y, summed over the event; null where it is zero.</param>
/// <param name="Formula">The map in ASCII mathematics.</param>
/// <param name="InverseFormula">The inverse in ASCII mathematics.</param>
/// <param name="LogDetFormula">The log-det in ASCII mathematics.</param>
internal sealed record JointMap(
    string Name, string Forward, string Inverse, string? LogDet, string Formula, string InverseFormula,
        string LogDetFormula)
{
    private const string Core = Expressions.Services;

    /// <summary>Where the map is one to one.</summary>
    public Bounds Domain { get; init; } = Bounds.Real;

    /// <summary>What it is onto, from the whole of its domain.</summary>
    public Bounds Range { get; init; } = Bounds.Real;

    /// <summary>What the operands are called in the formulas, in order; "" for those that stand in none.</summary>
    public EquatableArray<string> Operands { get; init; }

    /// <summary>A statement that stops a map whose operands do not fit; null where none is needed.</summary>
    public string? Check { get; init; }

    /// <summary>The axis along which the first operand, a matrix, acts; null where there is none.</summary>
    public int? MatrixAxis { get; init; }

    /// <summary>
    /// The operand that has the size of the last axis for its own first one; null where there is none.
    /// </summary>
    public int? Weights { get; init; }

    /// <summary>The operands that are broadcast to the part.</summary>
    public EquatableArray<int> Broadcast { get; init; }

    /// <summary>
    /// The row of the table that h is, where the map has such a function: <c>{h}</c> is it, <c>{slope}</c> its
    /// log-slope, <c>{steepest}</c> its steepest slope.
    /// </summary>
    public string? Row { get; init; }

    /// <summary>y from x, and log|det dy/dx|, at once; null where each is computed by itself.</summary>
    public string? ForwardWithLogDet { get; init; }

    /// <summary>x from y, and log|det dy/dx|, at once; null where each is computed by itself.</summary>
    public string? InverseWithLogDet { get; init; }

    /// <summary>
    /// The surface that it is onto, where it takes points to others of another size. <see cref="Range"/> is then that
    /// of single entries.
    /// </summary>
    public Surface? Surface { get; init; }

    /// <summary>Whether there is anything to add to a log-det.</summary>
    public bool HasLogDet => LogDet is not null || ForwardWithLogDet is not null;

    /// <summary>Whether the log-det depends on the point.</summary>
    public bool HasVaryingLogDet { get; init; }

    /// <summary>Whether the inverse is found by iteration.</summary>
    public bool IsIterative { get; init; }

    /// <summary>Whether every entry is mapped by itself after all.</summary>
    public bool IsElementwise { get; init; }

    /// <summary>
    /// <c>y = x Q</c>, of the operands Q and the matrices that it is made of; or <c>Q x</c>, along the last dimension
    /// but one.
    /// </summary>
    public static JointMap Orthogonal(bool fromLeft) => Linear(
        fromLeft, $"torch.matmul({Order("{k0}.mT", "{y}", fromLeft)})", null, "Q'", "0");

    /// <summary>A product with a triangular matrix.</summary>
    public static JointMap Triangular(bool fromLeft, bool isUpper, bool isUnit) => Linear(
        fromLeft, $"{Core}LinearMap.SolveTriangular({{k0}}, {{y}}, upper: {Word(isUpper)}, fromLeft: {Word(fromLeft)}, "
            + $"unitDiagonal: {Word(isUnit)})",
        isUnit ? null : $"{Core}LinearMap.TriangularLogDet({{k0}}, {{x}}, {Axis(fromLeft)}, {{rank}})", "Q^-1", isUnit
            ? "0" : "sum of log|Q_ii|");

    /// <summary>A product with the exponential of a matrix, which comes as a second operand.</summary>
    public static JointMap Exponential(bool fromLeft) => Linear(
        fromLeft, $"torch.matmul({Order("global::Bijectors.MatrixFunctions.Exponential(-{k1})", "{y}", fromLeft)})",
        $"{Core}LinearMap.ExponentialLogDet({{k1}}, {{x}}, {Axis(fromLeft)}, {{rank}})", "exp(-A)", "trace of A");

    /// <summary><c>y_i = x_1 + ... + x_i</c>.</summary>
    public static JointMap CumulativeSum(int axis) => new(
        "cumsum", $"torch.cumsum({{x}}, {Number(axis)})", $"{Core}Cumulative.Differences({{y}}, {Number(axis)})", null,
        "x_1 + ... + x_i", "y_i - y_(i-1)", "0")
    {
        Check = $"{Core}LinearMap.CheckAxis(this, {{in}}, {Number(axis)}, {{own}});",
    };

    /// <summary><c>y_i = x_1 ... x_i</c> of positive numbers.</summary>
    public static JointMap CumulativeProduct(int axis) => new(
        "cumprod", $"torch.cumprod({{x}}, {Number(axis)})", $"{Core}Cumulative.Quotients({{y}}, {Number(axis)})",
        $"{Core}Cumulative.ProductLogDet({{y}}, {Number(axis)}, {{rank}})", "x_1 ... x_i", "y_i/y_(i-1)",
            "sum of log y_i but the last")
    {
        Domain = Bounds.Positive,
        Range = Bounds.Positive,
        HasVaryingLogDet = true,
        Check = $"{Core}LinearMap.CheckAxis(this, {{in}}, {Number(axis)}, {{own}});",
    };

    /// <summary><c>y = (x + s) mod c</c> on an interval of length c: the circle, turned.</summary>
    public static JointMap CircularShift(double period, string text, bool subtracts) => new(
        "remainder", $"{Core}Circle.Shift({{x}}, {(subtracts ? "-" : "")}{{k0}}, {text})",
            $"{Core}Circle.Shift({{y}}, {(subtracts ? "" : "-")}{{k0}}, {text})",
        null, $"(x {(subtracts ? "-" : "+")} s) mod c", $"(y {(subtracts ? "+" : "-")} s) mod c", "0")
    {
        Domain = new(0, period),
        Range = new(0, period),
        IsElementwise = true,
        Broadcast = new([0]),
        Operands = new(["s"]),
    };

    /// <summary><c>y = x + u h(x.w + b)</c>, of u, w and b.</summary>
    public static JointMap Planar(string? row, Analyse.WeightForm form) => new(
        "planar", $"{Core}LowRankMap.Planar({{x}}, {Planes(form)}, {{h}})",
            $"{Core}LowRankMap.PlanarInverse(this, {{y}}, {Planes(form)}, {{h}})",
        $"{Core}LowRankMap.PlanarLogDet({{x}}, {Planes(form)}, {{slope}}, {{rank}})",
        $"x + u {row}(x.w + b)", row is null ? "y - u (y.w + b)/(1 + u.w)"
            : $"y - u {row}(s), s + u.w {row}(s) = y.w + b",
        row is null ? "log|1 + u.w|" : $"log(1 + u.w {row}'(x.w + b))")
    {
        Operands = new(["u", "w", "b"]),
        Broadcast = new(form == Analyse.WeightForm.Row ? [0, 1] : [0]),
        Weights = form == Analyse.WeightForm.Row ? null : 1,
        Row = row,
        IsIterative = row is not null,
        HasVaryingLogDet = row is not null,
        Check = $"{Core}LowRankMap.CheckPlanar(this, {{in}}, {{own}}, {Planes(form)}, {{steepest}});",
    };

    /// <summary>
    /// <c>y = x + h(x W + b) A</c> with a triangular A W, of A, W, b, and the matrices that A W is made of.
    /// </summary>
    public static JointMap Sylvester(string? row, bool isUpper) => new(
        "sylvester", $"{Core}LowRankMap.Sylvester({{x}}, {{k0}}, {{k1}}, {{k2}}, {{h}})",
            $"{Core}LowRankMap.SylvesterInverse(this, {{y}}, {{k0}}, {{k1}}, {{k2}}, {{h}}, upper: {Word(isUpper)})",
        $"{Core}LowRankMap.SylvesterLogDet({{x}}, {{k0}}, {{k1}}, {{k2}}, {{slope}}, {{rank}})",
        $"x + {row}(x W + b) A", $"y - {row}(s) A, s + {row}(s) A W = y W + b", $"sum of log(1 + {row}'(s_i) (A W)_ii)")
    {
        Operands = new(["A", "W", "b"]),
        Weights = 1,
        Row = row,
        IsIterative = row is not null,
        HasVaryingLogDet = row is not null,
        Check = $"{Core}LowRankMap.CheckSylvester(this, {{in}}, {{own}}, {{k0}}, {{k1}}, {{k2}}, "
            + $"{{steepest}}, [{{k3..}}]);",
    };

    /// <summary><c>y = x + beta (x - c)/(alpha + |x - c|)</c>, of alpha, beta and c.</summary>
    public static readonly JointMap Radial = new(
        "radial", $"{Core}LowRankMap.Radial({{x}}, {{k0}}, {{k1}}, {{k2}})",
            $"{Core}LowRankMap.RadialInverse({{y}}, {{k0}}, {{k1}}, {{k2}})",
            $"{Core}LowRankMap.RadialLogDet({{x}}, {{k0}}, {{k1}}, {{k2}}, {{rank}})",
        "x + beta (x - c)/(alpha + |x - c|)",
            "c + (y - c) (alpha + r)/(alpha + r + beta), r the root of r + beta r/(alpha + r) = |y - c|",
        "(D - 1) log(1 + beta/(alpha + r)) + log(1 + alpha beta/(alpha + r)^2), r = |x - c|")
    {
        Operands = new(["alpha", "beta", "c"]),
        Broadcast = new([2]),
        HasVaryingLogDet = true,
        Check = $"{Core}LowRankMap.CheckRadial(this, {{in}}, {{own}}, {{k0}}, {{k1}}, {{k2}});",
    };

    /// <summary>
    /// <c>y_i = v_i (1 - v_1) ... (1 - v_(i-1))</c> with <c>v_i = sigmoid(x_i)</c>, and what is left for the last.
    /// </summary>
    public static readonly JointMap StickPieces = new(
        "pieces", "global::Bijectors.Stick.Pieces({x})", $"{Core}StickPieces.Logits({{y}})", null,
        "v_i (1 - v_1) ... (1 - v_(i-1)), v_i = sigmoid(x_i), and what is left",
        "log y_i - log(y_(i+1) + ... + y_K)", "sum of log y_i + log(K)/2")
    {
        ForwardWithLogDet = $"{Core}StickPieces.WithLogDet({{x}}, {{rank}})",
        InverseWithLogDet = $"{Core}StickPieces.LogitsWithLogDet({{y}}, {{rank}})",
        Range = Bounds.Unit,
        HasVaryingLogDet = true,
        Surface = new(
            "global::Bijectors.Domain.Simplex", $"{Core}StickPieces.OutputShape(this, {{in}})",
            $"{Core}StickPieces.InputShape(this, {{in}})"),
    };

    private static string Planes(Analyse.WeightForm form) => $"{{k0}}, {{k1}}, {Core}WeightForm.{form}, {{k2}}";

    private static JointMap Linear(bool fromLeft, string inverse, string? logDet, string inverseMatrix,
        string logDetFormula) => new(
        "matmul", $"torch.matmul({Order("{k0}", "{x}", fromLeft)})", inverse, logDet,
        fromLeft ? "Q x" : "x Q", fromLeft ? $"{inverseMatrix} y" : $"y {inverseMatrix}", logDetFormula)
    {
        Operands = new(["Q"]),
        MatrixAxis = fromLeft ? -2 : -1,
        Check = $"{Core}LinearMap.Check(this, {{in}}, {Axis(fromLeft)}, {{own}}, [{{k0..}}]);",
    };

    private static string Order(string matrix, string point, bool fromLeft) => fromLeft ? $"{matrix}, {point}"
        : $"{point}, {matrix}";

    private static string Axis(bool fromLeft) => fromLeft ? "-2" : "-1";

    private static string Word(bool value) => value ? "true" : "false";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
