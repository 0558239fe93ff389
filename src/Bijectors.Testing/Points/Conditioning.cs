namespace Bijectors.Testing;

/// <summary>
/// How much rounding may show in the answers of a correct map at points: that of its steps (<see cref="StepPass"/>),
/// carried on through the composition.
/// </summary>
internal sealed class Conditioning : IDisposable
{
    /// <summary>
    /// The conditioning of one direction of a bijector at points; <see cref="LawContext.Conditioning"/> keeps those
    /// that are asked for again.
    /// </summary>
    public Conditioning(LawContext lawContext, Direction direction, Points points)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var exact = direction.Of(lawContext.Exact);
        var (x, context) = points.To(ScalarType.Float64);
        var pass = Pass.Of(lawContext, exact, x, context);
        Tensor ofOracle;
        if (pass is StepPass step && ReferenceEquals(step.Bijector, exact.Bijector))
        {
            // The whole is that step, and its Jacobian known.
            (Exact, LogAbsDet, ofOracle) = (step.Y, step.LogAbsDet, zeros_like(step.LogAbsDet));
        }
        else
        {
            // The oracle sees the map as a whole. A Jacobian that is a product of several has an error of its own.
            (Exact, var jacobian, _) = Jacobians.At(exact.Apply, x, context, exact.OntoShape.Size, ofBeside: false);
            var surface = SurfaceJacobian.Of(exact, x, Exact, jacobian);
            LogAbsDet = surface.LogAbsDet;
            ofOracle = pass is StepPass
                ? zeros_like(LogAbsDet)
                : lawContext.RoundingOf(lawContext.Bijector, ScalarType.Float64)
                    * StepPass.Condition(surface.Inverse(OfInverse), jacobian);

            Tensor OfInverse() => Jacobians.Of(exact.Undo, Exact, context, exact.FromShape.Size);
        }

        var nothing = zeros_like(x);
        var there = pass.There(nothing);
        OfMap = Allowed(there);
        OfReturn = Allowed(pass.Back(there));
        var ofLogDet = Allowed(pass.OfLogDet(nothing) + ofOracle);

        // Where rounding may change the determinant by its own size, it may make it zero.
        OfLogDet = where(LogAbsDet.isneginf() & (ofLogDet >= 1), double.PositiveInfinity, ofLogDet);
        foreach (var result in Results)
        {
            result.MoveToOuterDisposeScope();
        }
    }

    private Conditioning(Tensor exact, Tensor logAbsDet, Tensor ofMap, Tensor ofReturn, Tensor ofLogDet) =>
        (Exact, LogAbsDet, OfMap, OfReturn, OfLogDet) = (exact, logAbsDet, ofMap, ofReturn, ofLogDet);

    /// <summary>What the map gives in float64.</summary>
    public Tensor Exact { get; }

    /// <summary><c>log|det J|</c>, <c>(B)</c>.</summary>
    public Tensor LogAbsDet { get; }

    /// <summary>The allowed error of what comes out.</summary>
    public Tensor OfMap { get; }

    /// <summary>The allowed error of the point after going and coming back.</summary>
    public Tensor OfReturn { get; }

    /// <summary>The allowed error of the log-det, <c>(B)</c>.</summary>
    public Tensor OfLogDet { get; }

    private Tensor[] Results => [Exact, LogAbsDet, OfMap, OfReturn, OfLogDet];

    public void Dispose()
    {
        foreach (var result in Results)
        {
            result.Dispose();
        }
    }

    /// <summary>That of some of the points, one after another.</summary>
    public Conditioning Of(long first, long count) =>
        new(Exact.narrow(0, first, count), LogAbsDet.narrow(0, first, count), OfMap.narrow(0, first, count),
            OfReturn.narrow(0, first, count), OfLogDet.narrow(0, first, count));

    /// <summary>
    /// Takes the results out of the dispose scope in which they were made: who asks for it disposes them.
    /// </summary>
    public Conditioning Keep()
    {
        foreach (var result in Results)
        {
            result.DetachFromDisposeScope();
        }

        return this;
    }

    // Zero times infinity is no bound at all.
    private static Tensor Allowed(Tensor bound) => bound.nan_to_num(double.PositiveInfinity, double.PositiveInfinity);
}
