using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Draws points and keeps where they were on the way from the base, behind each layer, with the log-dets: their
    /// densities there under another density of an earlier step cost no evaluation of a network.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="context">What the flow is conditioned on, <c>(context...)</c> for all or
    /// <c>(count, context...)</c>; null for none.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns>The samples that <see cref="Distribution.Sample"/> draws from the same generator, and those of all
    /// steps; the caller's to dispose.</returns>
    /// <exception cref="ShapeException">The context has another shape.</exception>
    /// <exception cref="ArgumentException">The flow takes no context, or the count is negative.</exception>
    /// <exception cref="InvalidOperationException">The density is not known exactly.</exception>
    public SampleTrace Trace(long count, Tensor? context = null, Generator? generator = null)
    {
        CheckExact();
        CheckDraw(count, context);
        using var scope = NewDisposeScope();
        var read = Embed(context);
        var (point, logProb) = @base.DrawWithLogProb([count], OfBase(read), generator);
        var (points, logDets) = (new List<Tensor> { point }, new List<Tensor> { zeros_like(logProb) });
        foreach (var layer in Layers.Reverse())
        {
            // Beside the event there is one dimension, of the samples.
            var (next, logDet) = Kept(layer.InverseWithLogDet(points[^1], read, (int)points[^1].dim() - 1));
            points.Add(next);
            logDets.Add(logDets[^1] + logDet);
        }

        points[^1] = Support.Nearest(points[^1]);
        foreach (var kept in (Tensor[])[.. points, .. logDets, logProb])
        {
            kept.DetachFromDisposeScope();
        }

        return new(points, logDets, logProb);
    }
}
