using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>A flow and its frozen copy live independently.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_flow_trains_on_after_its_copy_is_disposed()
    {
        using var flow = Of();
        flow.Frozen().Dispose();
        using var again = flow.Frozen();
        flow.eval();
        flow.to(ScalarType.Float64);
        Trainer.Train(flow, new TrainingData(randn(20, 2, ScalarType.Float64)), new TrainingOptions { Steps = 1 });
        Assert.Equal([3L], flow.LogProb(zeros(3, 2, ScalarType.Float64)).shape);
    }

    [Fact]
    public void A_copy_scores_on_after_its_flow_is_disposed()
    {
        var flow = Of();
        using var copy = flow.Frozen();
        var x = zeros(3, 2);
        var expected = copy.LogProb(x);
        flow.Dispose();
        Assert.True(copy.LogProb(x).Equals(expected));
        copy.eval();
        copy.to(ScalarType.Float64);
        using var copyOfCopy = copy.Frozen();
    }

    [Fact]
    public void What_is_disposed_frees_its_parameters()
    {
        var flow = Of();
        var parameters = flow.parameters().ToList();
        Assert.NotEmpty(parameters);
        flow.Dispose();
        flow.Dispose();
        Assert.All(parameters, parameter => Assert.True(parameter.IsInvalid));
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>With layers that hold nothing, at several depths, one with a module of torch inside.</summary>
    private static Flow Of() =>
        Flow.On(Shape.Vector(2), 0).Reverse().AffineCoupling(4).Then(new LeakyRelu(0.3) >> ~new LeakyRelu(0.2))
            .Then(new Holder()).Into(Distribution.StandardNormal);

    private sealed class Holder : Bijector
    {
        private readonly TorchSharp.Modules.Identity inner = nn.Identity();

        public Holder() => RegisterComponents();

        public override int EventRank => 0;

        public override bool IsVolumePreserving => true;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => inner.call(x).alias();

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => inner.call(y).alias();

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (ForwardCore(x, context), x.new_zeros(x.shape[..^eventRank]));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context), y.new_zeros(y.shape[..^eventRank]));
    }
}
