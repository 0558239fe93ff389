using Bijectors.Data;
using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// The laws of a trained flow. Those of a whole flow hold up to what rounding makes of a long chain, so it is held to
/// fixed bounds at samples of its own; its layers are held to the laws of <see cref="BijectorLaws"/>.
/// </summary>
internal static class FlowCheck
{
    private const int Samples = 64;
    private const long MostItems = 1024;
    private const string AtSamples = "at samples of the flow";
    private const double RoundTripBound = 1e-3;
    private const double LogDetBound = 1e-4;

    /// <summary>What holds of the flow as it is.</summary>
    public static IReadOnlyList<LawResult> Whole(Flow flow, int seed)
    {
        using var scope = NewDisposeScope();
        var (samples, contexts) = Draw(flow, seed);
        using var noise = new Generator((ulong)seed);
        var (inner, points, given) = flow.BehindFirstSteps(samples, contexts, noise);
        var roundTrip = Evaluation.RoundTripError(inner, points, given, seed);
        var nats = Evaluation.Likelihood(flow, samples, contexts, seed: seed).Nats;
        var estimated = flow.HasEstimatedLogProb ? ", estimated" : "";
        var mean = FormattableString.Invariant($"{nats:F3} nats");
        var results = new List<LawResult>
        {
            Bounded("whole: RoundTrip", $"Inverse(Forward(x)) = x {AtSamples}, levels scaled to [0, 1)",
                roundTrip, RoundTripBound),
            new(
                "whole: Finite",
                double.IsFinite(nats),
                $"-log p(x) is finite {AtSamples}, {mean} on average{estimated}"),
        };
        if (LogDetError.Of(inner, points, given, seed) is var (logDet, error))
        {
            var how = error > 0 ? $", the mean of {LogDetError.Draws} estimates" : "";
            results.Add(Bounded(
                "whole: LogDet",
                $"LogDet = log|det J| of the autograd Jacobian J, per dimension{how}",
                logDet,
                LogDetBound + (6 * error)));
        }

        return results;
    }

    /// <summary>How exactly the flow inverts itself.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="data">Where: at test items, or what there is; null for samples of the flow.</param>
    /// <param name="seed">The seed of noise and samples.</param>
    public static InvertibilityReport Invertibility(Flow flow, Dataset? data, int seed)
    {
        using var scope = NewDisposeScope();
        (Tensor Items, Tensor? Context)[] parts = data is null
            ? [Draw(flow, seed)]
            : [(data.Test, data.Context?.Test), (data.Validation, data.Context?.Validation),
                (data.Train, data.Context?.Train)];
        var (items, contexts) = parts.First(part => part.Items.shape[0] > 0);
        var count = Math.Min(MostItems, items.shape[0]);
        using var noise = new Generator((ulong)seed);
        var (inner, points, given) = flow.BehindFirstSteps(
            items.narrow(0, 0, count).to(flow.Dtype), contexts?.narrow(0, 0, count).to(flow.Dtype), noise);
        return InvertibilityReport.Of(inner, points, given, seed: seed);
    }

    /// <summary>Stops where data are of another kind than those of the flow.</summary>
    /// <exception cref="UserException">They are.</exception>
    public static void Fits(Flow flow, Dataset data)
    {
        ModelContext.Check("--data", flow, data);
        if (Shape.Of(data.ItemShape) != flow.EventShape || data.Levels != flow.Levels)
        {
            throw new UserException(
                $"--data: expected items {flow.EventShape}, {Levels(flow.Levels)}, as the model takes them, "
                + $"got {Shape.Of(data.ItemShape)}, {Levels(data.Levels)}.");
        }

        static string Levels(int? levels) => levels is { } count ? $"{count} levels" : "continuous";
    }

    /// <summary>How many of the items, of all parts together, have no density; null where all have one.</summary>
    public static string? Outside(Flow flow, Dataset data)
    {
        if (flow.Levels is not null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor[] parts = [data.Train, data.Validation, data.Test];
        var counts = parts.Where(part => part.shape[0] > 0).Select(part =>
            flow.Support.Contains(part.to(flow.Dtype)).flatten(1).all(-1).logical_not().sum().item<long>());
        var (count, total) = (counts.Sum(), parts.Sum(part => part.shape[0]));
        return count == 0
            ? null
            : $"{Numbers.Count(count)} of {Numbers.Count(total)} items lie outside the support {flow.Support} of the "
                + "flow, where the log-density is -inf" + (flow.Support is EventDomain
                    ? "; points must keep to it up to 8 roundings for each entry: divide them by their sum or length."
                    : ".");
    }

    /// <summary>What holds of one layer of each kind, of the flow and of those inside it: a base, the latents of a step
    /// that is no bijection, its noise.</summary>
    /// <param name="path">The saved model, which is read anew for each check: laws move parameters.</param>
    /// <param name="seed">The seed of points and parameters.</param>
    public static IReadOnlyList<LawResult> Layers(string path, int seed)
    {
        using var saved = SavedModel.Load(path);
        var flows = Flows(saved.Flow);
        var seen = new HashSet<(string, Shape, int?)>();
        var results = new List<LawResult>();
        for (var inside = 0; inside < flows.Count; inside++)
        {
            var (shape, layers) = (flows[inside].EventShape, flows[inside].Layers);
            var contextSize = (int?)flows[inside].EmbeddedShape?.Size;
            for (var i = 0; i < layers.Count; i++)
            {
                if (seen.Add((layers[i].ToString(), shape, contextSize)))
                {
                    results.AddRange(Layer(path, inside, i, shape, contextSize, seed));
                }

                shape = layers[i].OutputShape(shape);
            }
        }

        return [.. results.GroupBy(result => result.Law)
            .Select(law => law.FirstOrDefault(result => !result.Passed) ?? law.First())];
    }

    private static IReadOnlyList<LawResult> Layer(
        string path, int inside, int index, Shape shape, int? contextSize, int seed)
    {
        // Kept until all laws are done: flows that are collected in between would disturb the law that counts tensors.
        var loaded = new List<SavedModel>();
        try
        {
            return BijectorLaws.Run(Load, shape, contextSize, seed);
        }
        finally
        {
            loaded.ForEach(model => model.Dispose());
        }

        Bijector Load()
        {
            loaded.Add(SavedModel.Load(path));
            return Flows(loaded[^1].Flow)[inside].Layers[index];
        }
    }

    private static IReadOnlyList<Flow> Flows(Flow flow) =>
        [flow, .. flow.modules().OfType<Flow>().Where(inner => inner != flow)];

    /// <summary>Samples; those of a conditional flow under standard normal contexts, one each.</summary>
    private static (Tensor Samples, Tensor? Contexts) Draw(Flow flow, int seed)
    {
        using var ungraded = no_grad();
        using var generator = new Generator((ulong)seed);
        flow.eval();
        var contexts = flow.ContextShape is { } shape
            ? randn([Samples, .. shape.ToArray()], flow.Dtype, generator: generator) : null;
        using var samples = flow.Sample(Samples, contexts, generator);
        return (flow.Quantize(samples), contexts);
    }

    private static LawResult Bounded(string law, string statement, double got, double bound) => new(
        law, got <= bound,
        FormattableString.Invariant($"{statement}: off by {got:0.0e+0}, at most {bound:0.0e+0} allowed"));
}
