namespace Bijectors.Testing.Doctor;

/// <summary>
/// A calculation in float64, written down step by step. Each step knows what it was made of, so that derivatives follow
/// by the chain rule, and what rounding in a narrower dtype may add up to is summed along the way.
/// </summary>
internal sealed class Calculation
{
    private const int Few = 64;

    private double[] _errors = new double[Few];
    private int[] _ends = new int[Few];
    private Term[] _terms = new Term[Few];
    private int _steps;
    private int _written;

    /// <summary>
    /// How many roundings a sum of n terms makes, in whatever order: one a term. They have both signs, so that long
    /// sums are held to eight times the square root of n.
    /// </summary>
    public static double Roundings(int terms) => Math.Min(terms, 8 * Math.Sqrt(terms));

    /// <summary>A number that the calculation is given.</summary>
    public Real Input(double value) => Close(value, 0);

    /// <summary>Notes one term of the step that <see cref="Close"/> finishes.</summary>
    public void Note(Term term)
    {
        if (_written == _terms.Length)
        {
            Array.Resize(ref _terms, 2 * _written);
        }

        _terms[_written++] = term;
    }

    /// <summary>Finishes a step.</summary>
    /// <param name="value">Its result.</param>
    /// <param name="error">What rounding may have made of it, in units of the dtype's epsilon.</param>
    public Real Close(double value, double error)
    {
        if (_steps == _ends.Length)
        {
            Array.Resize(ref _ends, 2 * _steps);
            Array.Resize(ref _errors, 2 * _steps);
        }

        (_ends[_steps], _errors[_steps]) = (_written, error);
        return new Real(this, _steps++, value, error);
    }

    /// <summary>
    /// The gradient of <c>sum_i cotangent_i result_i</c> with respect to every step, and what rounding may make of
    /// it.
    /// </summary>
    public (double[] Gradient, double[] Error) Gradients(IEnumerable<(Real Result, double Cotangent)> results)
    {
        var (gradient, error) = (new double[_steps], new double[_steps]);
        var (sum, count) = (new double[_steps], new int[_steps]);
        foreach (var (result, cotangent) in results)
        {
            if (result.Calculation is not null)
            {
                gradient[result.Step] += cotangent;
                sum[result.Step] += Math.Abs(cotangent);
                count[result.Step]++;
            }
        }

        for (var i = _steps - 1; i >= 0; i--)
        {
            error[i] += (count[i] > 0 ? Roundings(count[i]) + 1 : 0) * sum[i];
            for (var k = i == 0 ? 0 : _ends[i - 1]; (gradient[i] != 0 || error[i] != 0) && k < _ends[i]; k++)
            {
                var (of, slope, slopeError) = _terms[k];
                gradient[of] += gradient[i] * slope;
                error[of] += (error[i] * Math.Abs(slope)) + (Math.Abs(gradient[i]) * slopeError);
                sum[of] += Math.Abs(gradient[i] * slope);
                count[of]++;
            }
        }

        return (gradient, error);
    }
}
