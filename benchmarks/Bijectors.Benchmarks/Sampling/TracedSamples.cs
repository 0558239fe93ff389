using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Sampling;

/// <summary>
/// What it costs to update the densities of samples of all later steps where a step has been seen, from their
/// <see cref="SampleTrace"/> and by the flow anew.
/// </summary>
internal static class TracedSamples
{
    private const int Steps = 12;
    private const int Hidden = 64;
    private const int Samples = 10_000;
    private const int WarmUp = 3;
    private const int Count = 11;

    private const string Traced = "updated densities, from the trace";
    private const string Anew = "the same, by the layers anew";
    private const string Drawn = "the trace";

    /// <summary>Prints the medians on one thread.</summary>
    public static void Run()
    {
        set_num_threads(1);
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var flow = Flow.On(Shape.Vector(2), seed: 1)
            .Repeat(Steps, step => step.Reverse().Coupling(Transformer.RationalQuadratic(8, 5), Hidden))
            .Into(Distribution.StandardNormal);
        var seen = new StandardNormal(flow.EventShape);
        var trace = flow.Trace(Samples, generator: generator);
        var points = Enumerable.Range(0, trace.Steps + 1).Select(trace.Points).ToList();
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            using var inner = NewDisposeScope();
            rounds.Time(Traced, () =>
            {
                var known = seen.LogProb(points[1]);
                return Enumerable.Range(1, trace.Steps).Select(step => trace.LogProb(step, 1, known)).ToList();
            });
            rounds.Time(Anew, () =>
            {
                var logProb = seen.LogProb(points[1]);
                return Enumerable.Range(1, trace.Steps - 1).Select(step => logProb +=
                    flow.Layers[trace.Steps - 1 - step].ForwardWithLogDet(points[step + 1]).LogDet).ToList();
            });
            rounds.Time(Drawn, () =>
            {
                using var drawn = flow.Trace(Samples, generator: generator);
                return drawn.Steps;
            });
        }

        Console.WriteLine($"{Samples:N0} samples, {trace.Steps} layers");
        rounds.Print();
        Console.WriteLine($"The layers take {rounds[Anew].Elapsed / rounds[Traced].Elapsed:F0} times as long.");
    }
}
