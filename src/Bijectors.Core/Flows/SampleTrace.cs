using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Samples of a flow on their way: y_0, points of its base, and y_t, where they are t layers later. Whatever density q
/// the points of a step s have, that of the points of a step t is
/// <c>log p_t(y_t) = log q(y_s) - sum of log|det dy_r / dy_(r-1)|</c> over the steps r from s + 1 to t, and no network
/// is evaluated for it.
/// </summary>
/// <remarks>
/// Where the steps are times, as of a trajectory, what is known of one of them updates the densities of all others so.
/// Source: Maeda, Ukita 2023, Fast inference and update of probabilistic density estimation on trajectory prediction,
/// arXiv 2308.08824 (FlowChain).
/// </remarks>
/// <example><code>
/// using var trace = flow.Trace(20, past, generator);
/// var updated = trace.LogProb(trace.Steps, from: 2, seen.LogProb(trace.Points(2)));
/// </code></example>
public sealed class SampleTrace : IDisposable
{
    private readonly IReadOnlyList<Tensor> _points;
    private readonly IReadOnlyList<Tensor> _logDets;
    private readonly Tensor _logProb;

    internal SampleTrace(IReadOnlyList<Tensor> points, IReadOnlyList<Tensor> logDets, Tensor logProb) =>
        (_points, _logDets, _logProb) = (points, logDets, logProb);

    /// <summary>The number of layers of the flow: the last step, that of its samples.</summary>
    public int Steps => _points.Count - 1;

    /// <summary>How many samples there are.</summary>
    public long Count => _logProb.size(0);

    /// <summary>Where the samples are behind a number of layers, counted from the base.</summary>
    /// <param name="step">The number: 0 for the points of the base, <see cref="Steps"/> for the samples.</param>
    /// <returns><c>(count, event...)</c>, the event that of the step.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public Tensor Points(int step) => _points[Checked(step, nameof(step))].alias();

    /// <summary>The log-density of the points of a step in the flow, in nats.</summary>
    /// <param name="step">The step.</param>
    /// <returns><c>(count)</c>; of the last step that of <see cref="Distribution.SampleWithLogProb"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public Tensor LogProb(int step) => LogProb(step, 0, _logProb);

    /// <summary>The log-density of the points of a step, in nats, where those of another one have a given density.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="from">The step whose density is given, before or after it.</param>
    /// <param name="logProb">The log-density of <see cref="Points"/> of that step, <c>(count)</c>.</param>
    /// <returns><c>(count)</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    /// <exception cref="ShapeException">There is not one density for each sample.</exception>
    public Tensor LogProb(int step, int from, Tensor logProb)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        if (!logProb.shape.AsSpan().SequenceEqual([Count]))
        {
            throw new ShapeException(
                nameof(SampleTrace), $"expected a log-density for each of {Count} samples",
                $"got [{string.Join(", ", logProb.shape)}]");
        }

        using var between = _logDets[Checked(step, nameof(step))] - _logDets[Checked(from, nameof(from))];
        return logProb - between;
    }

    /// <summary>Frees the points.</summary>
    public void Dispose()
    {
        foreach (var kept in (Tensor[])[.. _points, .. _logDets, _logProb])
        {
            kept.Dispose();
        }
    }

    private int Checked(int step, string name) =>
        step >= 0 && step <= Steps
            ? step
            : throw new ArgumentOutOfRangeException(
                name, step, $"SampleTrace: expected a step from 0 to {Steps}, got {step}.");
}
