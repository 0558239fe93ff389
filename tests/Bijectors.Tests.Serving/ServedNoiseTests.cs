using System.Diagnostics.Metrics;
using Bijectors.Serving;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>Noise and contexts of a request are its own, whoever else is in the batch.</summary>
public sealed class ServedNoiseTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public async Task Samples_of_a_seed_are_the_same_in_company_up_to_rounding()
    {
        using var held = new HeldFlow();
        await using var queue = new FlowQueue(held.Flow);
        using var frozen = held.Flow.Frozen();
        var alone = await queue.SampleAsync(3, seed: 5);
        using var expected = frozen.Sample(3, generator: new Generator(5));
        Assert.Equal(expected.data<float>().Select(number => (double)number), alone.SelectMany(row => row));

        await held.Hold(queue);
        var (before, same, behind) =
            (queue.SampleAsync(2, seed: 9), queue.SampleAsync(3, seed: 5), queue.SampleAsync(4));
        held.Release();
        Near(alone, await same);
        Assert.NotEqual((await before)[0], (await same)[0]);
        Assert.NotEqual((await behind)[0], (await queue.SampleAsync(4))[0]);
        Assert.Contains(9, held.Passes);
    }

    [Fact]
    public async Task By_itself_a_request_gets_the_same_bits_in_any_company()
    {
        using var held = new HeldFlow();
        await using var queue = new FlowQueue(held.Flow, new() { BatchRows = 1 });
        var (alone, score) = (await queue.SampleAsync(3, seed: 5), await queue.ScoreAsync([[0.2, 0.7]]));
        await held.Hold(queue);
        var (others, same, again) =
            (queue.SampleAsync(2, seed: 9), queue.SampleAsync(3, seed: 5), queue.ScoreAsync([[0.2, 0.7]]));
        held.Release();
        await others;
        Assert.Equal(alone.SelectMany(row => row), (await same).SelectMany(row => row));
        Assert.Equal(score, await again);
    }

    [Fact]
    public async Task Levels_get_the_noise_of_their_own_seed_as_in_an_evaluation()
    {
        using var flow = Models.Named("realnvp").Create(Shape.Image(1, 4, 4), levels: 5);
        using var frozen = flow.Frozen();
        double[][] items = [[.. Enumerable.Range(0, 16).Select(i => (double)(i % 5))], [.. Enumerable.Repeat(2.0, 16)]];
        using var expected = Evaluation.Losses(
            frozen, tensor(items.SelectMany(item => item).ToArray(), [2, 1, 4, 4]), draws: 3, seed: 8);
        await using var queue = new FlowQueue(flow, new() { Draws = 3 });
        var alone = await queue.ScoreAsync(items, seed: 8);
        Assert.All(alone.Zip(expected.data<double>().ToArray()), pair => Assert.Equal(-pair.Second, pair.First, 1e-4));

        // Many at once, so that they share batches.
        var company = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => queue.ScoreAsync(items, seed: i)));
        Assert.All(alone.Zip(company[8]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.NotEqual(company[7][0], company[8][0], 1e-4);
        var samples = await queue.SampleAsync(2, seed: 1);
        Assert.All(samples.SelectMany(row => row), level => Assert.Contains(level, new[] { 0.0, 1, 2, 3, 4 }));
        await Assert.ThrowsAsync<ArgumentException>(() => queue.ScoreAsync([[.. Enumerable.Repeat(5.0, 16)]]));
        await Assert.ThrowsAsync<ArgumentException>(() => queue.ScoreAsync([[.. Enumerable.Repeat(0.5, 16)]]));
    }

    [Fact]
    public async Task A_bound_takes_noise_of_its_own_seed()
    {
        using var flow = Models.Named("cif").Create(Shape.Vector(3));
        await using var queue = new FlowQueue(flow, new() { Draws = 2 });
        var alone = await queue.ScoreAsync([[1, 2, 3]], seed: 4);
        var company = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => queue.ScoreAsync([[1, 2, 3]], seed: i)));
        Assert.Equal(alone, company[4]);
        Assert.NotEqual(alone, company[5]);
    }

    [Fact]
    public async Task Every_row_has_its_context()
    {
        using var flow = Flow.On(Shape.Vector(2), seed: 3).Conditional(2).AffineCoupling(6).AffineCoupling(6)
            .Into(Distribution.StandardNormal);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(randn(parameter.shape, generator: new Generator(2)), alpha: 0.3);
            }
        }

        await using var queue = new FlowQueue(flow);
        double[][] contexts = [[1, 2], [-1, 0.5]];
        var each = queue.ScoreAsync([[0.1, 0.2], [0.1, 0.2]], contexts);
        var all = queue.ScoreAsync([[0.1, 0.2], [0.1, 0.2]], contexts[..1]);
        using var x = tensor(new[] { 0.1f, 0.2f }, [1, 2]).expand(2, 2);
        using var expected = flow.LogProb(x, tensor(new[] { 1f, 2, -1, 0.5f }, [2, 2]));
        Assert.Equal(expected[0].item<float>(), (await each)[0], 1e-5);
        Assert.Equal(expected[1].item<float>(), (await each)[1], 1e-5);
        Assert.NotEqual((await each)[0], (await each)[1], 1e-4);
        Assert.Equal((await all)[0], (await all)[1], 1e-6);

        var samples = await queue.SampleAsync(2, contexts, seed: 6);
        using var drawn = flow.Sample(2, tensor(new[] { 1f, 2, -1, 0.5f }, [2, 2]), new Generator(6));
        Near([[drawn[0, 0].item<float>(), drawn[0, 1].item<float>()],
            [drawn[1, 0].item<float>(), drawn[1, 1].item<float>()]], samples);
        var missing = await Assert.ThrowsAsync<ArgumentException>(() => queue.SampleAsync(3));
        Assert.Equal(
            "Expected one context of 2 numbers for all rows or one for each of 3, got 0.", missing.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => queue.SampleAsync(3, contexts));
        await Assert.ThrowsAsync<ArgumentException>(() => queue.SampleAsync(1, [[1]]));
    }

    [Fact]
    public async Task What_came_of_requests_is_measured()
    {
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == FlowQueue.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var key = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";
            lock (counts)
            {
                counts[key] = counts.GetValueOrDefault(key) + value;
            }
        });
        listener.Start();
        using var held = new HeldFlow();
        await using var queue = new FlowQueue(held.Flow);
        await queue.ScoreAsync([[1, 2], [3, 4]]);
        await queue.SampleAsync(5);
        await Assert.ThrowsAsync<ArgumentException>(() => queue.SampleAsync(0));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => queue.SampleAsync(1, cancellation: new CancellationToken(canceled: true)));
        lock (counts)
        {
            Assert.Equal(
                new Dictionary<string, long>
                {
                    ["bijectors.requests score answered"] = 1,
                    ["bijectors.rows score"] = 2,
                    ["bijectors.requests sample answered"] = 1,
                    ["bijectors.rows sample"] = 5,
                    ["bijectors.requests sample invalid"] = 1,
                    ["bijectors.requests sample cancelled"] = 1,
                },
                counts);
        }
    }

    public void Dispose() => _scope.Dispose();

    private static void Near(double[][] expected, double[][] got) => Assert.All(
        expected.SelectMany(row => row).Zip(got.SelectMany(row => row)),
        pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
