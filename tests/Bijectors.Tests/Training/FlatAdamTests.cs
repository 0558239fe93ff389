using Bijectors.Kernels;
using Bijectors.Tests.Kernels;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

public sealed class FlatAdamTests : IDisposable
{
    private const double LearningRate = 1e-2;

    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(OptimizerKind.Adam, 0)]
    [InlineData(OptimizerKind.Adam, 0.1)]
    [InlineData(OptimizerKind.AdamW, 0)]
    [InlineData(OptimizerKind.AdamW, 0.1)]
    public void Makes_the_steps_of_torch(OptimizerKind kind, double weightDecay)
    {
        var (theirs, ours) = (Net(), Net());
        using optim.Optimizer reference = kind == OptimizerKind.Adam
            ? optim.Adam(theirs.parameters(), LearningRate, weight_decay: weightDecay)
            : optim.AdamW(theirs.parameters(), LearningRate, weight_decay: weightDecay);
        using var flat = new FlatAdam(ours, kind, weightDecay: weightDecay);
        for (var step = 0; step < 20; step++)
        {
            reference.zero_grad();
            Loss(theirs, step).backward();
            reference.step();
            flat.ZeroGradients();
            Loss(ours, step).backward();
            flat.Step(LearningRate);
        }

        AssertSame(theirs, ours, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_of_weights_that_have_changed_since_is_not_differentiated(bool averaged)
    {
        var net = Net();
        using var parameters = new FlatParameters(net);
        using var adam = new FlatAdam(parameters, OptimizerKind.Adam);
        using var average = new WeightAverage(adam, 0.9);
        var (first, second) = (Loss(net, 1), Loss(net, 2));
        first.backward();
        if (averaged)
        {
            average.Enter();
        }
        else
        {
            adam.Step(LearningRate);
        }

        Assert.Contains(
            "modified by an inplace operation", Assert.ThrowsAny<Exception>(() => second.backward()).Message);
        Loss(net, 2).backward();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_number_of_threads_changes_nothing(int threads)
    {
        using var generator = new Generator(0);
        var values = randn(200_003, ScalarType.Float64, generator: generator);
        var gradients = randn(200_003, ScalarType.Float64, generator: generator);
        var (mean, square) = (0.1 * gradients, gradients.square());
        var shrunk = 0.9 * values;
        var gradient = gradients + (0.1 * shrunk);
        var (expectedMean, expectedSquare) =
            ((0.9 * mean) + (0.1 * gradient), (0.99 * square) + (0.01 * gradient.square()));
        var expected = shrunk - (0.01 * expectedMean / ((expectedSquare.sqrt() / 0.3) + 1e-8));
        var got = ThreadCounts.With(threads, () => Step(values, gradients, mean, square));
        Assert.True(got[0].allclose(expected, 1e-13, 1e-13));
        Assert.True(got[1].allclose(expectedMean, 1e-13, 1e-13));
        Assert.True(got[2].allclose(expectedSquare, 1e-13, 1e-13));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Nor_does_it_change_a_bit(ScalarType dtype)
    {
        using var generator = new Generator(0);
        var (values, gradients) =
            (randn(200_003, dtype, generator: generator), randn(200_003, dtype, generator: generator));
        ThreadCounts.ChangeNoBit(() => Step(values, gradients, 0.1 * gradients, gradients.square()));
    }

    [Fact]
    public void Where_the_kernel_does_not_serve_torch_makes_the_same_step()
    {
        var (half, single) = (Net().bfloat16(), Net());
        using var halfAdam = new FlatAdam(half, OptimizerKind.AdamW, weightDecay: 0.1);
        using var singleAdam = new FlatAdam(single, OptimizerKind.AdamW, weightDecay: 0.1);
        foreach (var (a, b) in half.parameters().Zip(single.parameters()))
        {
            using var ungraded = no_grad();
            using var gradient = a.detach() * 3;
            a.grad!.copy_(gradient);
            b.grad!.copy_(gradient);
        }

        halfAdam.Step(LearningRate);
        singleAdam.Step(LearningRate);
        foreach (var (a, b) in half.parameters().Zip(single.parameters()))
        {
            Assert.True(a.detach().@float().allclose(b.detach(), 1e-2, 1e-2));
        }
    }

    [Fact]
    public void Leaves_the_module_as_it_was_until_the_first_step()
    {
        var (theirs, ours) = (Net(), Net());
        var keys = ours.state_dict().Keys.ToList();
        using var flat = new FlatAdam(ours);
        Assert.Equal(keys, ours.state_dict().Keys);
        AssertSame(theirs, ours, 0);
        Assert.All(ours.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Fact]
    public void The_module_still_saves_loads_and_switches_mode()
    {
        var module = Net();
        using var flat = new FlatAdam(module);
        Train(module, flat, steps: 3);
        var path = Path.GetTempFileName();
        module.save(path);
        var copy = Net(seed: 9);
        copy.load(path);
        File.Delete(path);
        AssertSame(module, copy, 0);
        module.eval();
        Assert.False(module.training);
        module.train();
        Assert.True(module.training);
    }

    [Fact]
    public void Loading_a_state_dict_reaches_the_buffer()
    {
        var (module, other) = (Net(), Net(seed: 9));
        using var flat = new FlatAdam(module);
        module.load_state_dict(other.state_dict());
        flat.Step(0);
        AssertSame(other, module, 0);
    }

    [Fact]
    public void Disposing_gives_each_parameter_memory_of_its_own()
    {
        var module = Net();
        var flat = new FlatAdam(module);
        Train(module, flat, steps: 2);
        var before = module.state_dict().ToDictionary(row => row.Key, row => row.Value.clone());
        flat.Dispose();
        Assert.All(module.parameters(), parameter => Assert.Equal(0, parameter.storage_offset()));
        Assert.All(module.state_dict(), row => Assert.True(row.Value.Equals(before[row.Key])));
        using var again = new FlatAdam(module);
        Train(module, again, steps: 1);
    }

    [Fact]
    public void Frozen_parameters_stay()
    {
        var module = Net();
        var frozen = module.parameters().First();
        frozen.requires_grad = false;
        var before = frozen.clone();
        using var flat = new FlatAdam(module, weightDecay: 0.5);
        Train(module, flat, steps: 2);
        Assert.True(frozen.Equals(before));
    }

    [Fact]
    public void Cleared_gradients_that_left_the_buffer_are_noticed()
    {
        var module = Net();
        using var flat = new FlatAdam(module);
        module.zero_grad();
        Loss(module, 0).backward();
        var exception = Assert.Throws<InvalidOperationException>(() => flat.Step(LearningRate));
        Assert.Contains("FlatAdam.ZeroGradients()", exception.Message);
    }

    [Fact]
    public void Nothing_to_train_is_an_error()
    {
        var exception = Assert.Throws<ArgumentException>(() => new FlatAdam(nn.ReLU()));
        Assert.Contains("at least one parameter", exception.Message);
    }

    [Fact]
    public void Parameters_of_two_dtypes_are_an_error()
    {
        var module = nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Linear(2, 2, dtype: ScalarType.Float64)));
        var exception = Assert.Throws<ArgumentException>(() => new FlatAdam(module));
        Assert.Contains("b.weight", exception.Message);
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>Values, means and squares after a step of the kernel.</summary>
    private static Tensor[] Step(Tensor values, Tensor gradients, Tensor mean, Tensor square)
    {
        var kernel = new AdamKernel { Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8, Root = 0.3, StepSize = 0.01,
            Decay = 0.1, Shrink = 0.9 };
        Tensor[] own = [values.clone(), mean.clone(), square.clone()];
        kernel.Run(own[0], gradients, own[1], own[2]);
        return own;
    }

    private static nn.Module<Tensor, Tensor> Net(ulong seed = 1)
    {
        // Without a bias before the norm: its gradient would be nothing but rounding, of which Adam makes
        // steps of full size.
        var net = nn.Sequential(
            ("first", nn.Linear(7, 32)), ("then", nn.ReLU()), ("last", nn.Linear(32, 3, hasBias: false)),
            ("norm", nn.BatchNorm1d(3)));
        using var generator = new Generator(seed);
        using var ungraded = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.3, generator);
        }

        return net;
    }

    private static Tensor Loss(nn.Module<Tensor, Tensor> net, int step)
    {
        using var generator = new Generator((ulong)step);
        var x = randn(16, 7, generator: generator);
        var y = randn(16, 3, generator: generator);
        return (net.forward(x) - y).square().mean();
    }

    private static void Train(nn.Module<Tensor, Tensor> module, FlatAdam flat, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            flat.ZeroGradients();
            Loss(module, step).backward();
            flat.Step(LearningRate);
        }
    }

    private static void AssertSame(nn.Module expected, nn.Module got, double tolerance)
    {
        var state = got.state_dict();
        foreach (var (name, tensor) in expected.state_dict().Where(row => row.Value.is_floating_point()))
        {
            Assert.InRange((tensor - state[name]).abs().max().ToDouble(), 0, tolerance);
        }
    }
}
