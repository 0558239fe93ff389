namespace Bijectors.Testing.Doctor;

/// <summary>Rows of the table of operations, each in a line or two.</summary>
internal static class Row
{
    /// <summary>
    /// Shapes of an elementwise operation: those that fill no vector, and one that torch divides among threads.
    /// </summary>
    public const string OneTensor = "1, 3, 5, 17, 33, 3x5, 17x9, 5x8009";

    /// <summary>The same for pairs, and pairs of which one is repeated.</summary>
    public const string TwoTensors =
        "1 1, 3 3, 5 5, 17 17, 33 33, 3x5 3x5, 17x9 17x9, 3x5 5, 3x1 1x5, 17x9 -, 17x33 33, 33x17 33x1, 5x8009 5x8009, "
        + "5x8009 8009";

    /// <summary>An operation of one tensor, or of each part of a sequence that is drawn.</summary>
    /// <param name="name">The name that the scan of calls gives it; a form after a colon.</param>
    /// <param name="shapes">Shapes of the arguments: <c>3x5 5, 17 17</c> are two cases of two arguments; <c>-</c> is
    /// one number.</param>
    /// <param name="call">The call of torch.</param>
    /// <param name="loops">The same in plain loops.</param>
    /// <param name="draws">How each argument is drawn; by default uniformly between -3 and 3. The last counts for
    /// those after it.</param>
    public static TabledOperation Of(
        string name, string shapes, Func<Tensor, Tensor> call, Func<RealArray, RealArray> loops, params Draw[] draws) =>
        Many(name, shapes, x => [call(x[0])], x => [loops(x[0])], draws);

    /// <summary>An operation of two tensors.</summary>
    /// <inheritdoc cref="Of(string, string, Func{Tensor, Tensor}, Func{RealArray, RealArray}, Draw[])"/>
    public static TabledOperation Of(
        string name,
        string shapes,
        Func<Tensor, Tensor, Tensor> call,
        Func<RealArray, RealArray, RealArray> loops,
        params Draw[] draws) =>
        Many(name, shapes, x => [call(x[0], x[1])], x => [loops(x[0], x[1])], draws);

    /// <summary>An operation of three tensors.</summary>
    /// <inheritdoc cref="Of(string, string, Func{Tensor, Tensor}, Func{RealArray, RealArray}, Draw[])"/>
    public static TabledOperation Of(
        string name,
        string shapes,
        Func<Tensor, Tensor, Tensor, Tensor> call,
        Func<RealArray, RealArray, RealArray, RealArray> loops,
        params Draw[] draws) =>
        Many(name, shapes, x => [call(x[0], x[1], x[2])], x => [loops(x[0], x[1], x[2])], draws);

    /// <summary>An operation of any number of tensors with any number of results.</summary>
    /// <inheritdoc cref="Of(string, string, Func{Tensor, Tensor}, Func{RealArray, RealArray}, Draw[])"/>
    public static TabledOperation Many(
        string name,
        string shapes,
        Func<Tensor[], Tensor[]> call,
        Func<RealArray[], RealArray[]> loops,
        params Draw[] draws)
    {
        var parts = name.Split(": ");
        var form = parts.Length > 1 ? parts[1] : "";
        return new(parts[0], form, [.. shapes.Split(", ").Select(Shapes)], draws, call, loops);
    }

    /// <summary>A function of each number.</summary>
    /// <param name="name">The name that the scan of calls gives it; a form after a colon.</param>
    /// <param name="call">The call of torch.</param>
    /// <param name="function">The function in float64.</param>
    /// <param name="slope">Its derivative, as a function of the argument; null for one that has none: a
    /// condition.</param>
    /// <param name="low">The least argument.</param>
    /// <param name="high">The greatest argument.</param>
    public static TabledOperation Function(
        string name,
        Func<Tensor, Tensor> call,
        Func<double, double> function,
        Func<double, double>? slope,
        double low = -3,
        double high = 3) =>
        Of(name, OneTensor, call,
            x => x.Map(entry => slope is null ? function(entry.Value) : entry.Apply(function, slope)),
            Draw.Between(low, high));

    private static int[][] Shapes(string shapes) => [.. shapes.Split(' ').Select(Shape)];

    private static int[] Shape(string shape) => shape == "-" ? [] : [.. shape.Split('x').Select(int.Parse)];
}
