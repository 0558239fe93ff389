using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Gradients of a solution that was found without them, by the implicit function theorem.</summary>
internal static class Implicit
{
    /// <summary>
    /// Gives x with <c>f(x) = y</c> the derivatives of the inverse by two steps of Newton's method,
    /// <c>x - J^-1 (f(x) - y)</c> with a constant <c>J = df/dx</c>. The first step has the first derivatives: for an
    /// incoming gradient v, <c>w = J^-T v</c> for y and <c>-w^T df/dp</c> for each parameter p. Each step makes those
    /// of the next order right, as it doubles the digits of a solution.
    /// </summary>
    /// <remarks>
    /// The equation is evaluated here, so that backward needs nothing but its graph. It takes x twice, which tells two
    /// parts of the Jacobian apart, <c>J = D + N</c>, and systems with it are solved by iteration, see
    /// <see cref="ImplicitSystem"/>. Third derivatives are an error. Gradients are NaN where the iteration does not
    /// converge. For first derivatives one system is solved, as for one step.
    /// </remarks>
    /// <param name="solution">x, <c>(batch..., event...)</c>, without gradients; only its value counts.</param>
    /// <param name="y">The right-hand side, the shape of x.</param>
    /// <param name="equation">f, as <c>(mapped, conditioning) -> y</c>; called at most three times.</param>
    /// <param name="eventRank">How many last dimensions are one event; events do not act on one another.</param>
    /// <param name="steps">After how many steps w is exact, or as exact as it gets.</param>
    /// <returns>A fresh tensor of the value of x.</returns>
    public static Tensor Attach(
        Tensor solution, Tensor y, Func<Tensor, Tensor, Tensor> equation, int eventRank, int steps)
    {
        if (!is_grad_enabled())
        {
            return solution.detach();
        }

        using var scope = NewDisposeScope();
        if (!y.requires_grad && !DependsOnParameters(solution, equation))
        {
            return solution.detach().MoveToOuterDisposeScope();
        }

        var (mapped, conditioning) = (Gradients.Leaf(solution), Gradients.Leaf(solution));
        var residual = equation(mapped, conditioning) - y;
        var rank = Math.Min(eventRank, (int)y.dim());
        var system = new ImplicitSystem(residual, mapped, conditioning, rank, steps);
        var second = new NewtonCall(rank, steps, new(), IsFollowed: false);
        var x = solution.detach() + NewtonStep.Apply(residual, system, second with { IsFollowed = true });
        return (x + NewtonStep.Apply(equation(x, x) - y, system, second)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Whether anything behind the equation takes gradients; an evaluation is little beside the search
    /// for the solution.
    /// </summary>
    private static bool DependsOnParameters(Tensor solution, Func<Tensor, Tensor, Tensor> equation)
    {
        var constant = solution.detach();
        return equation(constant, constant).requires_grad;
    }
}
