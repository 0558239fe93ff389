using Bijectors.Threads;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>Several threads that call one frozen flow get the numbers of one; the command runs for longer.</summary>
public sealed class SharedCallsTests
{
    [Fact]
    public void Several_threads_get_the_numbers_of_one_from_each_kind_of_model()
    {
        string[] names = ["realnvp", "tarflow", "resflow", "cif"];
        var flows = ZooFlows.Of(names.Select(Models.Named)).ToList();
        var calls = new SharedCalls(flows, threads: 3);
        calls.Run(TimeSpan.Zero, leastRounds: 1);
        Assert.Equal((0, null), (calls.Wrong, calls.FirstFault));
        Assert.Equal(3 * flows.Sum(flow => flow.Calls), calls.Answers);
        Assert.All(calls.Memory.Readings, reading => Assert.Equal(calls.Memory.Readings[0].Tensors, reading.Tensors));
        flows.ForEach(flow => flow.Dispose());
    }

    [Fact]
    public void A_layer_that_keeps_something_between_calls_is_found()
    {
        // The last point is remembered and added: right for one thread that asks the same again, wrong for others.
        Tensor? last = null;
        using var flow = Flow.On(Shape.Vector(2), 1).Then(new Watched(x =>
        {
            using var kept = last;
            last = x.mean().DetachFromDisposeScope();
            x.add_(kept is null ? 0.0 : kept.item<float>() * 1e-6);
        })).AffineCoupling(4).Into(Distribution.StandardNormal);
        using var called = new CalledFlow("forgetless", flow, [1, 2]);
        var calls = new SharedCalls([called], threads: 2);
        calls.Run(TimeSpan.Zero);
        Assert.InRange(calls.Wrong, 1, calls.Answers);
        Assert.StartsWith("forgetless, call ", calls.FirstFault, StringComparison.Ordinal);
        last?.Dispose();
    }

    [Theory]
    [InlineData(0, 0, 0, "")]
    [InlineData(1, 0, 0, "Tensors: expected at most 7 as before, got 8.")]
    [InlineData(0, 500_000, 0, "Managed memory: expected at most")]
    [InlineData(0, 0, 6_000_000, "Resident set: expected at most")]
    public void Memory_that_grows_is_not_flat(int tensors, long managed, long resident, string sentence)
    {
        var record = new MemoryRecord();
        for (var round = 0; round < 12; round++)
        {
            // Growth in the first third is what loading takes.
            var grown = Math.Max(0, round - 3);
            var loaded = Math.Min(round, 4);
            record.Add(new(
                7 + (round >= 8 ? tensors : 0), 5_000_000 + (grown * managed) + (loaded * 9_000_000),
                200_000_000 + (grown * resident) + (loaded * 50_000_000)));
        }

        var growth = record.Growth();
        Assert.Equal(sentence.Length > 0 ? 1 : 0, growth.Count);
        Assert.StartsWith(sentence, string.Join(' ', growth), StringComparison.Ordinal);
    }
}
