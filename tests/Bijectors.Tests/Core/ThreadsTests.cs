using Bijectors.Tests.Training;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>What may be done from several threads at once, as docs/contract.md says.</summary>
public sealed class ThreadsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_flow_scores_and_samples_on_several(bool frozen)
    {
        using var trained = Of();
        using var flow = frozen ? trained.Frozen() : trained;
        var x = randn([40, 4], generator: new Generator(1));
        var expected = Numbers();
        Together(3, _ =>
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(expected, Numbers());
            }
        });

        List<float> Numbers()
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            return [.. flow.LogProb(x).data<float>(), .. flow.Sample(5, generator: new Generator(2)).data<float>()];
        }
    }

    [Fact]
    public void Flows_of_their_own_are_trained_on_several()
    {
        var expected = Enumerable.Range(0, 3).Select(Weights).ToArray();
        var got = new float[3][];
        Together(3, i => got[i] = Weights(i));
        Assert.Equal(expected, got);

        static float[] Weights(int seed)
        {
            using var scope = NewDisposeScope();
            using var flow = Of(seed);
            Trainer.Train(flow, new TrainingData(randn([200, 4], generator: new Generator((ulong)seed))),
                new TrainingOptions { Steps = 20, BatchSize = 50 });
            return [.. Toy.Weights(flow).data<float>()];
        }
    }

    [Fact]
    public async Task What_one_thread_made_another_uses_after_an_await()
    {
        using var flow = await Task.Run(() => Of());
        using var x = await Task.Run(() => randn([40, 4], generator: new Generator(1)));
        using var here = flow.LogProb(x);
        using var there = await Task.Run(() => flow.LogProb(x));
        Assert.True(here.Equals(there));
    }

    public void Dispose() => _scope.Dispose();

    private static Flow Of(int seed = 0) =>
        Flow.On(Shape.Vector(4), seed).ActNorm().Linear().AffineCoupling(8)
            .Coupling(Transformer.RationalQuadratic(), 8)
            .MaskedAutoregressive(8).Into(Distribution.StandardNormal);

    private static void Together(int count, Action<int> work)
    {
        var tasks = Enumerable.Range(0, count)
            .Select(i => Task.Factory.StartNew(() => work(i), TaskCreationOptions.LongRunning)).ToArray();
        Task.WaitAll(tasks);
    }
}
