using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.RandomFlows;

/// <summary>Checks a flow: the laws on its bijector, what is true of its density, and its use.</summary>
internal static class FlowCheck
{
    /// <summary>The first thing that is wrong; null where nothing is.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="caseSeed">What parameters, points and contexts are drawn from.</param>
    /// <param name="kind">What to look for; null for everything.</param>
    public static Failure? Find(RandomFlow flow, int caseSeed, string? kind = null)
    {
        try
        {
            var subject = flow.Case(caseSeed);
            if (kind is null)
            {
                BijectorLaws.Check(subject);
            }

            BijectorLaws.All.SingleOrDefault(law => law.Name == kind)?.Check(subject);
            return (kind is null or Densities.Name ? Densities.Find(flow, caseSeed) : null)
                ?? (kind is null or FlowUse.Name ? FlowUse.Find(flow, caseSeed) : null);
        }
        catch (LawViolationException violation)
        {
            return new(violation.Law, violation.Message);
        }
        catch (Exception exception)
        {
            return new(exception.GetType().Name, exception.ToString());
        }
    }

    /// <summary>What is true of the density of a flow.</summary>
    private static class Densities
    {
        public const string Name = "Density";

        // Far above rounding in float64, where a flow is well conditioned, and far below any mistake.
        private const double Close = 1e-6;

        public static Failure? Find(RandomFlow drawn, int seed)
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var flow = drawn.Declare(seed);
            flow.to(ScalarType.Float64);
            var generator = new Generator((ulong)seed);
            var context =
                drawn.ContextSize is { } size ? randn([5, size], ScalarType.Float64, generator: generator) : null;
            var (x, logProb) = flow.SampleWithLogProb(5, context, generator);
            var again = flow.LogProb(x, context);
            if (!again.isfinite().all().item<bool>())
            {
                return new(Name, $"The log-density at samples is not finite: {Text(again)} at {Text(x)}.");
            }

            return ((again - logProb).abs() <= Close * (1 + logProb.abs())).all().item<bool>()
                ? null
                : new(Name, $"SampleWithLogProb says {Text(logProb)}, LogProb at these samples {Text(again)}.");
        }

        private static string Text(Tensor x) => $"[{string.Join(", ", x.flatten().data<double>())}]";
    }
}
