using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>How much rounding may show in the answers of a correct map at points: that of its steps (<see cref="StepPass"/>), carried on through the composition.</summary>
internal sealed class Conditioning : IDisposable
{
    /// <summary>The conditioning of one way of the bijector of a trial at points; <see cref="Trial.Conditioning"/> keeps those that are asked for again.</summary>
    public Conditioning(Trial trial, Way way, Points points)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var exact = way.Of(trial.Exact);
        var (x, context) = points.To(ScalarType.Float64);
        Exact = exact.Go(x, context).detach();

        // The oracle sees the map as a whole.
        var jacobian = StepPass.Jacobian(exact, x, context);
        LogAbsDet = Jacobians.LogAbsDet(jacobian);
        var pass = Pass.Of(trial, exact, x, context);
        var nothing = zeros_like(x);
        var there = pass.There(nothing);
        OfMap = Allowed(there);
        OfReturn = Allowed(pass.Back(there));
        OfLogDet = Allowed(pass.OfLogDet(nothing) + OfOracle());
        foreach (var result in Results)
        {
            result.MoveToOuterDisposeScope();
        }

        // A Jacobian that is a product of several has an error of its own; that of a single step is known.
        Tensor OfOracle()
        {
            if (pass is StepPass)
            {
                return zeros_like(LogAbsDet);
            }

            var inverse = StepPass.Inverse(exact, jacobian, LogAbsDet, Exact, context);
            return trial.RoundingOf(trial.Bijector, ScalarType.Float64) * StepPass.Condition(inverse, jacobian);
        }
    }

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

    /// <summary>Takes the results out of the dispose scope in which they were made: who asks for it disposes them.</summary>
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
