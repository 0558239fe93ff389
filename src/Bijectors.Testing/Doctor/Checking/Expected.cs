namespace Bijectors.Testing.Doctor;

/// <summary>
/// What an operation must give on drawn arguments: its results, and the gradients of a weighted sum of them.
/// </summary>
internal sealed class Expected
{
    private Expected(Result[] values, Result[] gradients, double[][] cotangents, int[][] shapes) =>
        (Values, Gradients, Cotangents, Shapes) = (values, gradients, cotangents, shapes);

    /// <summary>Each result.</summary>
    public IReadOnlyList<Result> Values { get; }

    /// <summary>The gradient of each argument.</summary>
    public IReadOnlyList<Result> Gradients { get; }

    /// <summary>The weights of each result in the sum whose gradients are taken.</summary>
    public IReadOnlyList<double[]> Cotangents { get; }

    /// <summary>The shape of each result.</summary>
    public IReadOnlyList<int[]> Shapes { get; }

    /// <summary>Runs the loops.</summary>
    public static Expected Of(TabledOperation operation, double[][] arguments, int[][] shapes, Random random)
    {
        var calculation = new Calculation();
        RealArray[] given =
            [.. arguments.Select((numbers, i) => new RealArray(shapes[i], [.. numbers.Select(calculation.Input)]))];
        var results = operation.Loops(given);
        var cotangents = results.Select(result => Draw.Between(0.5, 1.5).Numbers(random, result.Shape)).ToArray();
        var (gradient, error) = calculation.Gradients(
            results.SelectMany((result, i) => result.Values.Zip(cotangents[i])));
        return new(
            [.. results.Select(result => Of(result, value => value.Value, value => value.Error))],
            [.. given.Select(argument => Of(argument, value => gradient[value.Step], value => error[value.Step]))],
            cotangents,
            [.. results.Select(result => result.Shape)]);

        Result Of(RealArray array, Func<Real, double> number, Func<Real, double> rounding) =>
            new([.. array.Values.Select(number)], [.. array.Values.Select(rounding)], operation.Allowed);
    }

    /// <summary>Numbers, and what rounding may add to each in units of the dtype's epsilon.</summary>
    internal sealed class Result(double[] numbers, double[] errors, Func<double[], ScalarType, double[]> allowed)
    {
        private readonly Dictionary<ScalarType, double[]> _allowed = [];

        public double[] Numbers => numbers;

        /// <summary>How far off each may be.</summary>
        public double[] Allowed(ScalarType dtype)
        {
            if (!_allowed.TryGetValue(dtype, out var known))
            {
                _allowed[dtype] = known = allowed(errors, dtype);
            }

            return known;
        }
    }
}
