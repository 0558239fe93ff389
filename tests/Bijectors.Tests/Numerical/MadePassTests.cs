using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class MadePassTests : NumericalTest
{
    private Made Net(long features, long hidden, int blocks, long context = 0, ScalarType dtype = ScalarType.Float64)
    {
        var net = new Made(features, hidden, blocks, Generator, context);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.5, Generator);
        }

        net.to(dtype);
        return net;
    }

    [Theory]
    [InlineData(1, 3, 1, 0)]
    [InlineData(1, 3, 0, 2)]
    [InlineData(5, 37, 2, 0)]
    [InlineData(5, 37, 2, 3)]
    [InlineData(40, 11, 1, 0)]
    [InlineData(40, 11, 3, 2)]
    [InlineData(9, 9, 0, 0)]
    public void It_gives_what_the_network_gives(long features, long hidden, int blocks, long contextSize)
    {
        var net = Net(features, hidden, blocks, contextSize);
        foreach (var batch in (long[][])[[], [1], [3], [2, 3], [4, 9]])
        {
            var x = Random([.. batch, features]).requires_grad_();
            var context = contextSize == 0 ? null : Random([.. batch, contextSize]).requires_grad_();
            AssertAgrees(net, x, context, 1e-12);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    public void It_gives_what_the_network_gives_in_other_precisions(ScalarType dtype, double tolerance)
    {
        var x = randn([3, 12], dtype, generator: Generator);
        AssertAgrees(Net(12, 20, 2, dtype: dtype), x, null, tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void It_hears_the_context_in_other_precisions_too(int blocks)
    {
        var net = Net(4, 10, blocks, 3);
        using (no_grad())
        {
            net.parameters().ToList().ForEach(parameter => parameter.mul_(0.3));
        }

        net.to(ScalarType.BFloat16);
        AssertAgrees(net, randn([6, 4], ScalarType.BFloat16, generator: Generator),
            randn([6, 3], ScalarType.BFloat16, generator: Generator), 0.02);
    }

    [Fact]
    public void A_feature_that_is_not_a_number_reaches_those_behind_it_only()
    {
        var net = Net(6, 12, 1);
        var x = Random(2, 6);
        x[1, 2] = double.NaN;
        var (logScale, _) = Passed(net, x, null);
        Assert.False(logScale[0].isnan().any().item<bool>());
        Assert.Equal([false, false, false, true, true, true], logScale[1].isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Weights_are_read_and_not_changed()
    {
        var net = Net(4, 6, 1);
        var before = net.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        Passed(net, Random(3, 4), null);
        Assert.All(before, entry => Assert.True(entry.Value.Equals(net.state_dict()[entry.Key])));
    }

    [Fact]
    public void Weights_that_are_no_rows_in_memory_are_read_as_well()
    {
        var net = Net(5, 8, 1);
        using (no_grad())
        {
            var block = net.parameters().First(p => p.shape is [8, 8]);
            block.set_(block.t().contiguous().t());
            Assert.False(block.is_contiguous());
        }

        AssertAgrees(net, Random(2, 5), null, 1e-12);
    }

    [Fact]
    public void It_ends_after_the_last_feature()
    {
        var net = Net(2, 3, 1);
        var pass = net.Begin(zeros(3, 2), null);
        var entry = zeros(3, 1, dtype: ScalarType.Float64);
        Assert.True(pass.Evaluate().Equals(pass.Evaluate()));
        pass.Append(entry);
        pass.Append(entry);
        Assert.Throws<InvalidOperationException>(() => pass.Append(entry));
        Assert.Throws<InvalidOperationException>(() => pass.ScaleAndShift());
        pass.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pass.Evaluate());
        Assert.Throws<ShapeException>(() => net.Begin(zeros(3, 4), null));
    }

    [Fact]
    public void A_pass_leaves_nothing_behind()
    {
        var net = Net(5, 8, 2, 2);
        var (x, context) = (Random(3, 5), Random(3, 2));
        Assert.Equal(0, Survivors(() =>
        {
            using var pass = net.Begin(x, context);
            using var scope = NewDisposeScope();
            pass.Append(x.narrow(1, 0, 1));
            pass.ScaleAndShift();
            pass.Evaluate();
        }));
    }

    private static void AssertAgrees(Made net, Tensor x, Tensor? context, double tolerance)
    {
        var (logScale, shift) = net.ScaleAndShift(x, context);
        var (ourLogScale, ourShift) = Passed(net, x, context);
        Assert.False(ourLogScale.requires_grad);
        AssertClose(logScale.to(ScalarType.Float64), ourLogScale.to(ScalarType.Float64), tolerance);
        AssertClose(shift.to(ScalarType.Float64), ourShift.to(ScalarType.Float64), tolerance);
    }

    private static (Tensor LogScale, Tensor Shift) Passed(Made net, Tensor x, Tensor? context)
    {
        using var pass = net.Begin(x, context);
        var (logScales, shifts) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0L; i < net.Features; i++)
        {
            var (logScale, shift) = pass.ScaleAndShift();
            Assert.True(cat([logScale, shift], -1).allclose(pass.Evaluate(), 0, 0, equal_nan: true));
            logScales.Add(logScale);
            shifts.Add(shift);
            pass.Append(x.narrow(-1, i, 1));
        }

        return (cat(logScales, -1), cat(shifts, -1));
    }
}
