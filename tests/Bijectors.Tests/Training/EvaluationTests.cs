using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class EvaluationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Flow _flow = Toy.Flow();

    [Fact]
    public void Likelihood_is_the_mean_over_all_items_whatever_the_batch_size()
    {
        var items = Toy.Points(101, 3);
        var expected = -_flow.LogProb(items).mean().ToDouble();
        foreach (var batchSize in new[] { 1, 10, 101, 500 })
        {
            var likelihood = Evaluation.Likelihood(_flow, items, batchSize: batchSize);
            Assert.Equal(expected, likelihood.Nats, 4);
            Assert.Equal(expected / (2 * Math.Log(2)), likelihood.BitsPerDimension, 4);
        }
    }

    [Fact]
    public void The_density_of_each_item_is_the_same_whatever_the_batch_size()
    {
        var items = Toy.Points(101, 3);
        var expected = _flow.LogProb(items);
        foreach (var batchSize in new[] { 1, 10, 101, 500 })
        {
            using var logProb = Evaluation.LogProb(_flow, items, batchSize: batchSize);
            Assert.Equal([101], logProb.shape);
            Assert.False(logProb.requires_grad);
            Assert.True(logProb.allclose(expected, 1e-5, 1e-5));
        }
    }

    [Fact]
    public void Losses_are_those_of_each_item_and_their_mean_is_the_likelihood()
    {
        using var flow = Toy.Flow(levels: 8);
        var items = (Toy.Points(101, 3) + 4).clamp(0, 7).floor();
        var done = new List<long>();
        var losses = Evaluation.Losses(flow, items, draws: 3, batchSize: 40, progress: new Heard(done.Add));
        Assert.Equal((ScalarType.Float64, 101), (losses.dtype, losses.size(0)));
        Assert.Equal([40L, 80, 101], done);
        Assert.Equal(Evaluation.Likelihood(flow, items, draws: 3).Nats, losses.mean().ToDouble(), 5);
    }

    [Fact]
    public void A_limit_of_time_leaves_the_first_items()
    {
        var items = Toy.Points(101, 3);
        var some = Evaluation.Losses(_flow, items, batchSize: 40, limit: TimeSpan.Zero);
        Assert.Equal([40], some.shape);
        Assert.True(some.Equals(Evaluation.Losses(_flow, items, batchSize: 40).narrow(0, 0, 40)));
    }

    [Fact]
    public void Scoring_leaves_nothing_behind_but_the_result()
    {
        using var scope = NewDisposeScope();
        using var logProb = Evaluation.LogProb(_flow, _flow.Sample(20), batchSize: 7);
        Assert.False(logProb.IsInvalid);
        Assert.Equal(2, scope.DisposablesCount);
    }

    [Fact]
    public void Noise_depends_on_the_seed_alone()
    {
        using var flow = Toy.Flow(levels: 8);
        var items = (Toy.Points(50, 3) + 4).clamp(0, 7).floor();
        Assert.Equal(Evaluation.Likelihood(flow, items), Evaluation.Likelihood(flow, items));
        Assert.NotEqual(Evaluation.Likelihood(flow, items), Evaluation.Likelihood(flow, items, seed: 1));
    }

    [Fact]
    public void More_draws_of_noise_average()
    {
        using var flow = Toy.Flow(levels: 8);
        var items = (Toy.Points(50, 3) + 4).clamp(0, 7).floor();
        var many = Enumerable.Range(0, 4)
            .Select(seed => Evaluation.Likelihood(flow, items, draws: 50, seed: 100 * seed).Nats).ToList();
        Assert.InRange(many.Max() - many.Min(), 0, 0.1);
    }

    [Fact]
    public void A_bijector_that_inverts_itself_has_a_round_trip_error_of_rounding()
    {
        Assert.InRange(Evaluation.RoundTripError(_flow, Toy.Points(50, 3)), 0, 1e-5);
    }

    [Fact]
    public void Levels_are_scaled_before_the_round_trip_is_measured()
    {
        using var flow = Toy.Flow(levels: 8);
        Assert.InRange(Evaluation.RoundTripError(flow, (Toy.Points(50, 3) + 4).clamp(0, 7).floor()), 0, 1e-6);
    }

    [Fact]
    public void Mode_and_tensors_are_as_before()
    {
        _flow.train();
        var items = Toy.Points(50, 3);
        Evaluate();

        // What other tests have left to the finalizer must not go in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var count = Tensor.TotalCount;
        Evaluate();
        Assert.Equal(count, Tensor.TotalCount);
        Assert.True(_flow.training);
        Assert.True(is_grad_enabled());

        void Evaluate()
        {
            Evaluation.Likelihood(_flow, items);
            Evaluation.RoundTripError(_flow, items);
            Evaluation.SamplesPerSecond(_flow, 10, seconds: 0.01);
        }
    }

    [Fact]
    public void No_items_are_an_error()
    {
        var exception = Assert.Throws<ArgumentException>(() => Evaluation.Likelihood(_flow, zeros(0, 2)));
        Assert.Equal("Evaluation: expected at least one item, got a tensor (0, 2).", exception.Message);
    }

    public void Dispose()
    {
        _flow.Dispose();
        _scope.Dispose();
    }

    private sealed class Heard(Action<long> hear) : IProgress<long>
    {
        public void Report(long value) => hear(value);
    }
}
