using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Collector;

/// <summary>
/// Collections that another thread forces free nothing that torch still reads: numbers passed to an operation, tensors
/// on the way to a result, what flows and their gradients use.
/// </summary>
public sealed class CollectionTests : IDisposable
{
    private const int Calls = 2_000_000;

    // Of torch in one round of Operations.
    private const int CallsOfRound = 40;

    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Calls_of_torch_give_their_numbers()
    {
        const int workers = 2;
        BesideCollections(workers, Calls / CallsOfRound / workers, round => Operations(1 + (round % 97)));
    }

    [Fact]
    public void Flows_give_their_densities_samples_and_gradients()
    {
        using var flow = Flow.On(Shape.Vector(4), 0).ActNorm().Linear().AffineCoupling(8).Linear()
            .Coupling(Transformer.RationalQuadratic(), 8)
            .MaskedAutoregressive(8).Into(Distribution.StandardNormal);
        using var frozen = flow.Frozen();
        var x = randn([24, 4], generator: new Generator(5));
        var expected = Numbers();
        BesideCollections(workers: 1, rounds: 400, _ => Assert.Equal(expected, Numbers()));

        // No scope holds what is made on the way.
        List<float> Numbers()
        {
            var loss = flow.LogProb(x).mean();
            BackwardPass.Run(loss);
            var gradients = flow.parameters().Select(parameter => parameter.grad!.abs().sum().item<float>()).ToList();
            flow.zero_grad();
            using var ungraded = no_grad();
            return
            [
                loss.item<float>(),
                .. gradients,
                .. frozen.LogProb(x).data<float>().ToArray(),
                .. flow.Sample(3, generator: new Generator(7)).data<float>().ToArray(),
            ];
        }
    }

    public void Dispose() => _scope.Dispose();

    private static void Operations(double k)
    {
        using var ungraded = no_grad();
        using var two = full([4, 4], 2.0, ScalarType.Float64);
        using var one = full_like(two, 1);
        using var numbers = arange(1, 4, ScalarType.Float64);
        using var product = two * k;
        using var difference = two - one;
        using var sum = two + one;
        using var clamped = two.clamp(0.0, 1.5);
        using var square = two.pow(2);
        using var greater = two > 1;
        using var powers = 2 + (3 * numbers) - (numbers / 4);
        one.add_(two, 0.5).mul_(2).sub_(1).clamp_min_(0.1);
        Assert.Equal(2 * k, product[3, 1].item<double>());
        Assert.Equal(1, difference[0, 0].item<double>());
        Assert.Equal(3, sum[1, 2].ToDouble());
        Assert.Equal(1.5, clamped.data<double>()[2, 2]);
        Assert.Equal(4, square.data<double>()[0, 3]);
        Assert.True(greater[1, 1].item<bool>());
        Assert.Equal([4.75, 7.5, 10.25], powers.data<double>().ToArray());
        Assert.Equal(3, one[3, 3].item<double>());
        // No variable holds what is made on the way, and no scope.
        Assert.Equal(15 - k, ((two * 2 + 1) * 3 - k).exp().log()[0, 1].item<double>(), 9);
    }

    /// <summary>Runs rounds on several threads while this one collects.</summary>
    private static void BesideCollections(int workers, int rounds, Action<int> run)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(() =>
        {
            try
            {
                for (var round = 0; round < rounds; round++)
                {
                    run(round);
                }
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        while (threads.Exists(thread => thread.IsAlive))
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            // Without a pause the others would hardly run.
            Thread.Sleep(1);
        }

        Assert.Empty(failures);
    }
}
