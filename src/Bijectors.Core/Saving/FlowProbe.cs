using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// What a flow makes of a few points: written when it is saved, and computed again when it is loaded, so that a library
/// or a class of one's own that computes another map from the same weights is noticed.
/// </summary>
internal static class FlowProbe
{
    private const string Prefix = "check.";
    private const string Points = Prefix + "points";
    private const string Context = Prefix + "context";
    private const string Latents = Prefix + "latents";
    private const string LogProbs = Prefix + "logProb";
    private const string Slacks = Prefix + "slack";
    private const string LogProbSlacks = Prefix + "logProbSlack";
    private const int Count = 4;

    // Other processors round otherwise; the slack says how much the last digits of a point weigh.
    private const double Roundings = 256;

    /// <summary>Whether a tensor of a file belongs to it.</summary>
    public static bool IsPartOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// The tensors to write; none where the flow cannot sample, or not without noise of other layers.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor> Of(Flow flow)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var mode = new Evaluating(flow);
        using var generator = new Generator(0, flow.Device);
        var tensors = new Dictionary<string, Tensor>();
        var context = flow.ContextShape is { } shape
            ? randn([Count, .. shape.ToArray()], flow.Dtype, flow.Device, generator: generator)
            : null;
        Tensor points;
        try
        {
            points = flow.SampleCore([Count], context, generator);
        }
        catch (NotSupportedException)
        {
            return tensors;
        }

        var (latents, logProbs) = Values(flow, points, context);
        var (nearLatents, nearLogProbs) = Values(flow, Neighbours(points), context);
        if (!SavedState.IsFinite(latents) || !SavedState.IsFinite(nearLatents))
        {
            return tensors;
        }

        tensors.Add(Points, points);
        tensors.Add(Latents, latents);
        tensors.Add(Slacks, Slack(latents, nearLatents));
        if (context is not null)
        {
            tensors.Add(Context, context);
        }

        if (logProbs is not null && SavedState.IsFinite(logProbs) && SavedState.IsFinite(nearLogProbs!))
        {
            tensors.Add(LogProbs, logProbs);
            tensors.Add(LogProbSlacks, Slack(logProbs, nearLogProbs!));
        }

        foreach (var tensor in tensors.Values)
        {
            scope.MoveToOuter(tensor);
        }

        return tensors;
    }

    /// <summary>Stops where a flow makes something else of the points than when it was saved.</summary>
    /// <exception cref="SavedModelException">It does.</exception>
    public static void Check(string path, Flow flow, IReadOnlyDictionary<string, Tensor> tensors)
    {
        if (!tensors.TryGetValue(Points, out var points))
        {
            return;
        }

        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var mode = new Evaluating(flow);
        try
        {
            var (latents, logProbs) = Values(flow, points, tensors.GetValueOrDefault(Context));
            Compare(path, "latents", latents, tensors[Latents], tensors[Slacks]);
            if (logProbs is not null && tensors.TryGetValue(LogProbs, out var saved))
            {
                Compare(path, "log-densities", logProbs, saved, tensors[LogProbSlacks]);
            }
        }
        catch (Exception exception) when (exception is not (SavedModelException or OutOfMemoryException))
        {
            throw new SavedModelException(
                $"{path}: expected a flow that takes the points it was saved with, got: "
                + $"{exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private static (Tensor Latents, Tensor? LogProbs) Values(Flow flow, Tensor points, Tensor? context)
    {
        var (latents, logDet) = flow.Encode(points, context);
        logDet.Dispose();
        return (latents, flow.HasExactLogProb && !flow.HasEstimatedLogProb ? flow.LogProbCore(points, context) : null);
    }

    /// <summary>The points with each entry moved by some roundings.</summary>
    private static Tensor Neighbours(Tensor points)
    {
        using var signs =
            arange(points.numel(), device: points.device).remainder(2).reshape(points.shape).to(points.dtype);
        using var factors = 1 + ((signs - 0.5) * (2 * finfo(points.dtype).eps));
        return points * factors;
    }

    /// <summary>How far values may be from those saved.</summary>
    private static Tensor Slack(Tensor values, Tensor neighbours)
    {
        using var moved = (values - neighbours).abs();
        using var largest = moved.amax();
        using var size = values.abs() + 1;
        using var rounding = size * (Roundings * Math.Pow(finfo(values.dtype).eps, 0.75));
        using var carried = largest * Roundings;
        return rounding + carried;
    }

    private static void Compare(string path, string what, Tensor values, Tensor saved, Tensor slack)
    {
        using var scope = NewDisposeScope();
        if (!values.shape.AsSpan().SequenceEqual(saved.shape) || !((values - saved).abs() <= slack).all().item<bool>())
        {
            throw new SavedModelException(
                $"{path}: expected the flow to give the {what} that it gave when it was saved, got others; "
                + "a class of it computes another map in this version.");
        }
    }

    /// <summary>Networks of one's own may compute something else while they are trained.</summary>
    private sealed class Evaluating : IDisposable
    {
        private readonly (nn.Module Module, bool IsTraining)[] _modules;

        public Evaluating(Flow flow)
        {
            _modules = [.. flow.modules().Prepend(flow).Select(module => (module, module.training))];
            flow.eval();
        }

        public void Dispose()
        {
            // Parents first, since a mode goes down to the children.
            foreach (var (module, isTraining) in _modules)
            {
                module.train(isTraining);
            }
        }
    }
}
