using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>How exact it is, where it is not exact up to rounding.</content>
public abstract partial class Bijector
{
    /// <summary>
    /// How far <see cref="Inverse"/> may be off beyond rounding, in units of x: 0, unless it iterates to a tolerance.
    /// What comes back solves the equation as well as a point does of which each entry is moved by at most t:
    /// <c>|f(x) - y| &lt;= |J| t</c>, with the Jacobian J of f at x, entry by entry. So x itself is off by at most
    /// <c>|J^-1| |J| t</c>.
    /// </summary>
    /// <remarks>
    /// That of <see cref="ICausalInverse.Solution"/>; of bijectors inside the sum, while the laws carry each through
    /// the Jacobians behind it. One written by hand that stops early says so itself. <see cref="Forward"/> is the map,
    /// and nothing that it could be off from.
    /// </remarks>
    public virtual double Tolerance
    {
        get
        {
            var stages = Stages;
            return (this as ICausalInverse)?.Solution.Tolerance
                ?? (stages.Count > 0 ? stages.SelectMany(stage => stage.Children).OfType<Bijector>() : Inside(this))
                    .Sum(inner => inner.Tolerance);
        }
    }

    /// <summary>
    /// What an estimated log-det draws its noise from, here and in the bijectors inside, each once; empty where the
    /// log-det is exact. Two calls from the same states of these give the same log-det.
    /// </summary>
    /// <remarks>Known of compiled maps; one written by hand that estimates names its own and <c>base.LogDetNoise</c>.
    /// </remarks>
    public virtual IReadOnlyList<Generator> LogDetNoise =>
        [.. Inside(this).SelectMany(inner => inner.LogDetNoise).Distinct()];

    /// <summary><c>log|det dY/dX|</c> as the mean of independent estimates, and the standard error of that
    /// mean.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the map is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <param name="draws">How many estimates are averaged, 2 or more; each is a call. An exact log-det is asked for
    /// once.</param>
    /// <param name="eventRank">Over how many last dimensions the log-det is summed, at least (and by default)
    /// <see cref="EventRank"/>.</param>
    /// <returns>Mean and StandardError in nats, both float64 <c>(batch...)</c>, without gradients; the error is 0 where
    /// the log-det is exact. Points of one batch may share noise, so their errors need not be independent.</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="ArgumentException">There are fewer than 2 draws, or the point does not fit, as in
    /// <see cref="ForwardWithLogDet"/>.</exception>
    public (Tensor Mean, Tensor StandardError) EstimateLogDet(
        Tensor x, Tensor? context = null, int draws = 100, int? eventRank = null) =>
        Estimates.Average(HasRandomLogDet, draws, () =>
        {
            var (y, logDet) = ForwardWithLogDet(x, context, eventRank);
            y.Dispose();
            return logDet;
        });

    /// <summary>The bijectors of which it is made as modules, without those inside them.</summary>
    private static IEnumerable<Bijector> Inside(nn.Module module) =>
        module.children().SelectMany(inner => inner is Bijector f ? [f] : Inside(inner)).Distinct();
}
