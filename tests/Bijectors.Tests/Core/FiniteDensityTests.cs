using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>
/// A finite point has a log-density that is a number or minus infinity, however far out or close to an end it lies.
/// </summary>
public sealed class FiniteDensityTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>Bijectors onto the reals; those from the reals, the other way round.</summary>
    public static TheoryData<string> Names =>
        [.. Catalogue.All.Where(entry => entry.Make(0) is var f
            && (f.Codomain == Domain.Real || f.Domain == Domain.Real)).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void At_the_largest_and_smallest_numbers_and_the_ends_of_the_support(string name)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var entry = Catalogue.All.Single(entry => entry.Name == name);
            using var flow = FlowOf(entry).to(dtype);
            using var frozen = flow.Frozen();
            var context = entry.ContextSize is { } size ? linspace(-1, 1, size, dtype) : null;
            var x = cat([.. Points(flow, dtype)]).requires_grad_();
            var logProb = flow.LogProb(x, context);
            if (logProb.requires_grad)
            {
                BackwardPass.Run(logProb.sum());
            }

            var dropped = logProb == double.NegativeInfinity;
            var gradient = (x.grad ?? zeros_like(x)).reshape(x.shape[0], -1).abs().amax([1]);
            var wrong = (logProb < double.PositiveInfinity).logical_not()
                .logical_or((frozen.LogProb(x, context) < double.PositiveInfinity).logical_not())
                .logical_or(dropped.logical_and((gradient == 0).logical_not()));
            foreach (var row in wrong.nonzero().data<long>())
            {
                Assert.Fail($"{dtype}: log-density {logProb[row].ToDouble()}, "
                    + $"frozen {frozen.LogProb(x, context)[row].ToDouble()}, "
                    + $"gradient {gradient[row].ToDouble()} at "
                    + $"{string.Join(" ", x[row].detach().flatten().to(ScalarType.Float64).data<double>().ToArray())}");
            }
        }
    }

    [Fact]
    public void What_is_not_a_number_because_a_number_of_the_flow_or_the_context_is_none_stays_so()
    {
        var flow = Flow.On(Shape.Vector(2)).Conditional(1).Linear().AffineCoupling(4).Into(Distribution.StandardNormal);
        var x = tensor([1f, -1, 3e38f, -3e38f]).reshape(2, 2);
        var known = flow.LogProb(x, tensor([0f, 0]).reshape(2, 1));
        Assert.Equal([true, false], known.isfinite().data<bool>().ToArray());
        Assert.Equal([false, false], known.isnan().data<bool>().ToArray());
        Assert.Equal([true, true], flow.LogProb(x, full([2, 1], float.NaN)).isnan().data<bool>().ToArray());
        Assert.Equal(
            [false, true], flow.LogProb(x, tensor([0f, float.NaN]).reshape(2, 1)).isnan().data<bool>().ToArray());

        using var ungraded = no_grad();
        flow.parameters().First().fill_(float.NaN);
        Assert.Equal([true, true], flow.LogProb(x, zeros(2, 1)).isnan().data<bool>().ToArray());
    }

    private static Flow FlowOf(Entry entry)
    {
        var f = entry.Make(0);
        return f.Codomain == Domain.Real
            ? new Flow(entry.Shape, f, Distribution.StandardNormal, contextShape: entry.ContextShape)
            : new Flow(f.OutputShape(entry.Shape), ~f, Distribution.StandardNormal, contextShape: entry.ContextShape);
    }

    /// <summary>Events of one extreme number, of it and its negative in turn, and of it among usual ones.</summary>
    private static IEnumerable<Tensor> Points(Flow flow, ScalarType dtype)
    {
        using var generator = new Generator(1);
        var info = finfo(dtype);
        var smallest = dtype == ScalarType.Float32 ? float.Epsilon : double.Epsilon;
        double[] numbers =
            [info.max, info.max / 2, Math.Sqrt(info.max) * 4, 1e20, info.tiny, smallest, 0,
                .. Ends(flow.Transform.Domain, dtype)];
        var usual = flow.Transform.Domain.Sample(flow.EventShape.ToArray(), dtype, generator);
        var turn = (arange(flow.EventShape.Size).reshape(flow.EventShape.ToArray()) % 2).to(dtype);
        foreach (var number in numbers.Concat(numbers.Select(number => -number)))
        {
            yield return full_like(usual, number).unsqueeze(0).clone();
            yield return (number * (1 - 2 * turn)).unsqueeze(0);
            yield return where(turn == 0, full_like(usual, number), usual).unsqueeze(0);
        }
    }

    private static IEnumerable<double> Ends(Domain domain, ScalarType dtype) => domain switch
    {
        Interval interval =>
            new[] { interval.Low, interval.High }.Where(double.IsFinite).SelectMany(end => Beside(end, dtype)),
        PartsDomain parts => Ends(parts.First, dtype).Concat(Ends(parts.Second, dtype)),
        _ => [],
    };

    private static double[] Beside(double end, ScalarType dtype) => dtype == ScalarType.Float32
        ? [end, float.BitIncrement((float)end), float.BitDecrement((float)end)]
        : [end, double.BitIncrement(end), double.BitDecrement(end)];
}
