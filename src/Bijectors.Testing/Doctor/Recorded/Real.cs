namespace Bijectors.Testing.Doctor;

/// <summary>
/// A number of a <see cref="Doctor.Calculation"/>, or a constant: what loops of reference calculate with.
/// </summary>
/// <param name="Calculation">Where it is written down; null for a constant.</param>
/// <param name="Step">Which step it is.</param>
/// <param name="Value">Its value.</param>
/// <param name="Error">What rounding may have made of it, in units of the dtype's epsilon.</param>
internal readonly record struct Real(Calculation? Calculation, int Step, double Value, double Error)
{
    public static implicit operator Real(double value) => Constant(value);

    public static Real operator +(Real a, Real b) => Of(a.Value + b.Value, a.Error + b.Error, a, 1, 0, b, 1, 0);

    public static Real operator -(Real a, Real b) => Of(a.Value - b.Value, a.Error + b.Error, a, 1, 0, b, -1, 0);

    public static Real operator -(Real a) => 0 - a;

    public static Real operator *(Real a, Real b) => Of(
        a.Value * b.Value, ErrorOfProduct(a, b), a, b.Value, b.Error, b, a.Value, a.Error);

    public static Real operator /(Real a, Real b)
    {
        var (quotient, inverse) = (a.Value / b.Value, 1 / b.Value);
        var ofB = b.Error * Math.Abs(inverse);
        var ofInverse = Math.Abs(inverse) * (1 + ofB);
        var ofQuotient = (Math.Abs(quotient) * (1 + ofB)) + (a.Error * Math.Abs(inverse));
        var ofSlope = Math.Abs(inverse) * (ofQuotient + (Math.Abs(quotient) * (2 + ofB)));
        return Of(quotient, ofQuotient, a, inverse, ofInverse, b, -quotient * inverse, ofSlope);
    }

    /// <summary>A number of no calculation.</summary>
    public static Real Constant(double value, double error = 0) => new(null, 0, value, error);

    /// <summary>The sum of a few or of many; rounding is bounded for any order.</summary>
    public static Real Sum(int count, Func<int, Real> term) => Dot(count, i => (term(i), 1));

    /// <summary>A sum of products; rounding is bounded for any order.</summary>
    public static Real Dot(int count, Func<int, (Real A, Real B)> term)
    {
        // All of them first: a term may be steps of its own.
        var terms = new (Real A, Real B)[count];
        for (var i = 0; i < count; i++)
        {
            terms[i] = term(i);
        }

        Calculation? calculation = null;
        var (sum, error, size) = (0.0, 0.0, 0.0);
        foreach (var (a, b) in terms)
        {
            sum += a.Value * b.Value;
            size += Math.Abs(a.Value * b.Value);
            error += ErrorOfProduct(a, b);
            a.Calculation?.Note(new(a.Step, b.Value, b.Error));
            b.Calculation?.Note(new(b.Step, a.Value, a.Error));
            calculation ??= a.Calculation ?? b.Calculation;
        }

        error += Doctor.Calculation.Roundings(count) * size;
        return calculation?.Close(sum, error) ?? Constant(sum, error);
    }

    /// <summary>
    /// A function of a number. It may be off as if argument and result were rounded, and its derivative by one rounding
    /// of itself or of 1: that of tanh is <c>1 - y^2</c>.
    /// </summary>
    public Real Apply(Func<double, double> function, Func<double, double> slope)
    {
        var (value, s) = (function(Value), slope(Value));
        var error = Math.Abs(value) + (Math.Abs(s) * (Math.Abs(Value) + Error));
        if (Calculation is null)
        {
            return Constant(value, error);
        }

        Calculation.Note(new(Step, s, (1 + Math.Abs(s)) * (1 + Error)));
        return Calculation.Close(value, error);
    }

    public Real Exp() => Apply(Math.Exp, Math.Exp);

    public Real Log() => Apply(Math.Log, x => 1 / x);

    public Real Sqrt() => Apply(Math.Sqrt, x => 0.5 / Math.Sqrt(x));

    public Real Abs() => Value < 0 ? -this : this;

    private static double ErrorOfProduct(Real a, Real b) =>
        (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error);

    private static Real Of(
        double value, double error, Real a, double ofA, double errorOfA, Real b, double ofB, double errorOfB)
    {
        error += Math.Abs(value);
        a.Calculation?.Note(new(a.Step, ofA, errorOfA));
        b.Calculation?.Note(new(b.Step, ofB, errorOfB));
        return (a.Calculation ?? b.Calculation)?.Close(value, error) ?? Constant(value, error);
    }
}
