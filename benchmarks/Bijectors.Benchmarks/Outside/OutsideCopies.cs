using System.Globalization;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;
using Copies = Bijectors.Outside;

namespace Bijectors.Benchmarks.Outside;

/// <summary>
/// Our layers, networks, distributions and models beside the same sources compiled in another assembly against the
/// public API, in turn: what has no internals to call loses nothing.
/// </summary>
internal static class OutsideCopies
{
    private const int WarmUp = 10;
    private const int Count = 61;
    private const long Batch = 256;
    private const long Features = 16;

    private static readonly Shape s_vector = Shape.Vector(Features);
    private static readonly Shape s_image = Shape.Image(4, 8, 8);

    /// <summary>Prints the ratios of the medians, copy to ours.</summary>
    public static void Run()
    {
        set_num_threads(1);
        Console.WriteLine($"float32, 1 thread, batch {Batch}, {Count} rounds; ratios of medians, copy to ours");
        Console.WriteLine($"{"",-44}{"density",10}{"samples",10}{"gradient",10}");
        var all = new List<double>();
        foreach (var (name, ours, copy) in Cases())
        {
            all.AddRange(Measure(name, ours, copy));
        }

        Console.WriteLine($"{"median of all",-44}{Text(Rounds.Median(all)),10}");
    }

    private static IEnumerable<(string Name, Flow Ours, Flow Copy)> Cases()
    {
        yield return Layers("Sigmoid, Logit", s_vector,
            [new Sigmoid(), new Logit()], [new Copies.Sigmoid(), new Copies.Logit()]);
        yield return Layers("ActNorm", s_vector, [new ActNorm(s_vector)], [new Copies.ActNorm(s_vector)]);
        yield return Layers("AffineCoupling, ResidualMlp", s_vector,
            [new AffineCoupling(new ResidualMlp(8, 16, 64, 2, New()))],
            [new Copies.AffineCoupling(new Copies.ResidualMlp(8, 16, 64, 2, New()))]);
        yield return Layers("AdditiveCoupling, ResidualMlp", s_vector,
            [new AdditiveCoupling(new ResidualMlp(8, 8, 64, 2, New()))],
            [new Copies.AdditiveCoupling(new Copies.ResidualMlp(8, 8, 64, 2, New()))]);
        yield return Layers("Coupling, RationalQuadraticSpline", s_vector,
            [new Coupling(new ResidualMlp(8, 8 * 23, 64, 2, New()), Transformer.RationalQuadratic())],
            [new Copies.Coupling(
                new Copies.ResidualMlp(8, 8 * 23, 64, 2, New()), Transformer.RationalQuadratic())]);
        yield return Layers("MaskedAutoregressive", s_vector,
            [new MaskedAutoregressive(new Made(Features, 64, 2, New()))],
            [new Copies.MaskedAutoregressive(new Made(Features, 64, 2, New()))]);
        yield return Layers("PluLinear", s_vector,
            [new PluLinear(Features, New())], [new Copies.PluLinear(Features, New())]);
        yield return Layers("Permute, Reverse, Roll", s_vector,
            [Permute.Random(Features, New()), new Reverse(), new Roll(3)],
            [Copies.Permute.Random(Features, New()), new Copies.Reverse(), new Copies.Roll(3)]);
        yield return Layers("Conv1x1", s_image, [new Conv1x1(4, New())], [new Copies.Conv1x1(4, New())]);
        yield return Layers("GlowCoupling, ConvNet", s_image,
            [new GlowCoupling(new ConvNet(2, 4, 16, New()))],
            [new Copies.GlowCoupling(new Copies.ConvNet(2, 4, 16, New()))]);
        yield return Layers("Along, On", s_image,
            [new PluLinear(8, New()).Along(-1).On(Partition.Halves(-3))],
            [new Copies.On(new Copies.Along(new Copies.PluLinear(8, New()), -1), Partition.Halves(-3))]);
        yield return ("FullNormal", Flow.On(s_vector).Then(new Scale(2)).Into(new FullNormal(s_vector)),
            Flow.On(s_vector).Then(new Copies.Scale(2)).Into(new Copies.FullNormal(s_vector)));
        yield return ("StandardLogistic",
            Flow.On(s_vector).Then(new Scale(2)).Into(new StandardLogistic(s_vector)),
            Flow.On(s_vector).Then(new Copies.Scale(2)).Into(new Copies.StandardLogistic(s_vector)));
        yield return ("MAF", Maf.Create(s_vector, new MafOptions()),
            Copies.Maf.Create(s_vector, new Copies.MafOptions()));
        yield return ("RealNVP", RealNvp.Create(s_vector, new RealNvpOptions()),
            Copies.RealNvp.Create(s_vector, new Copies.RealNvpOptions()));
    }

    private static Generator New() => new(0);

    private static (string Name, Flow Ours, Flow Copy) Layers(
        string name, Shape shape, Bijector[] ours, Bijector[] copy) =>
        (name, Flow.On(shape).Then(Chain.Of(ours)).Into(Distribution.StandardNormal),
            Flow.On(shape).Then(Chain.Of(copy)).Into(Distribution.StandardNormal));

    private static IEnumerable<double> Measure(string name, Flow ours, Flow copy)
    {
        using var scope = NewDisposeScope();
        using var generator = New();
        using var x = ours.Sample(Batch, generator: generator);
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            // Each is first in half of the rounds.
            (string Kind, Flow Flow)[] both = [("ours", ours), ("copy", copy)];
            foreach (var (kind, flow) in round % 2 == 0 ? both : both.Reverse())
            {
                using var inner = NewDisposeScope();
                using (no_grad())
                {
                    rounds.Time($"density, {kind}", () => flow.LogProb(x));
                    rounds.Time($"samples, {kind}", () => flow.Sample(Batch, generator: generator));
                }

                rounds.Time($"gradient, {kind}", () => Gradient(flow, x));
            }
        }

        double[] ratios = [.. new[] { "density", "samples", "gradient" }.Select(what =>
            rounds[$"{what}, copy"].Elapsed / rounds[$"{what}, ours"].Elapsed)];
        Console.WriteLine($"{name,-44}{string.Concat(ratios.Select(ratio => $"{Text(ratio),10}"))}");
        ours.Dispose();
        copy.Dispose();
        return ratios;
    }

    private static bool Gradient(Flow flow, Tensor x)
    {
        using var point = x.detach().requires_grad_();
        BackwardPass.Run(-flow.LogProb(point).mean());
        return true;
    }

    private static string Text(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);
}
