using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>How deep and how long flows may be declared.</summary>
public sealed class NestingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_chain_that_is_too_long_is_told_in_a_sentence()
    {
        Bijector f = new Sinh();
        var error = Assert.ThrowsAny<ArgumentException>(() => Chain.Of([.. Enumerable.Repeat(f, 10_001)]));
        Assert.Equal("Chain: expected at most 10000 layers one after another, got 10001; use fewer.", error.Message);
        error = Assert.ThrowsAny<ArgumentException>(
            () => Flow.On(Shape.Vector(2)).Repeat(int.MaxValue, layer => layer.Then(f)));
        Assert.Equal("Flow: expected at most 10000 layers one after another, got 10001; use fewer.", error.Message);
    }

    [Fact]
    public void The_operator_makes_chains_of_a_thousand()
    {
        Bijector f = new Sinh();
        var half = Chain.Of([.. Enumerable.Repeat(f, 500)]);
        Assert.Equal(1000, Assert.IsType<Chain>(half >> half).Layers.Count);
        var error = Assert.ThrowsAny<ArgumentException>(() => half >> half >> f);
        Assert.StartsWith("Chain: expected at most 1000 layers joined by >>, got 1001; Chain.Of(", error.Message);
    }

    [Fact]
    public void Bijectors_inside_each_other_end_at_256()
    {
        Func<Bijector, Bijector>[] around =
        [
            f => new Along(f, -1),
            f => new Along(~f, -1),
            f => new On(f, Partition.Halves()),
            f => new Bijectors.Parallel(f, new Sinh(), Partition.Halves()),
        ];
        foreach (var outer in around)
        {
            var error = Assert.ThrowsAny<ArgumentException>(
                () => Enumerable.Range(0, 100_000).Aggregate((Bijector)new Sinh(), (f, _) => outer(f)));
            Assert.Contains("expected bijectors at most 256 deep inside each other, got 257", error.Message);
        }
    }

    [Fact]
    public void Declarations_inside_each_other_end_at_256()
    {
        Func<FlowBuilder, FlowBuilder> steps = flow => flow.ActNorm();
        for (var i = 0; i < 100_000; i++)
        {
            var inner = steps;
            steps = flow => flow.Mix(Axis.Channels, inner);
        }

        var error = Assert.ThrowsAny<ArgumentException>(() => steps(Flow.On(Shape.Of(4, 4))));
        Assert.Contains("at most 256 deep inside each other", error.Message);
    }

    [Fact]
    public void Bijectors_of_ones_own_end_before_the_stack_does()
    {
        var deep = Enumerable.Range(0, 20_000).Aggregate((Bijector)new Sinh(), (f, _) => new Around(() => f));
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => deep.Forward(zeros(2))), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Contains("than the stack of this thread allows", ((ArgumentException)error!).Message);
    }

    [Fact]
    public void Each_bijector_of_a_deep_flow_is_disposed_once()
    {
        var counted = new Counted();
        var deep = Enumerable.Range(0, 200).Aggregate((Bijector)counted, (f, _) => new Along(f, -1));
        deep.Dispose();
        Assert.Equal(1, counted.Disposals);
        Assert.True(counted.Weight.IsInvalid);
    }

    [Fact]
    public void A_first_domain_is_found_through_maps_before_it()
    {
        using var flow = Flow.On(Shape.Vector(2))
            .Then(new Scale(0.25)).Then(new Shift(1)).Then(new Logit())
            .Into(Distribution.StandardNormal);
        Assert.Equal(Chain.Of(new Scale(0.25), new Shift(1), new Logit()).Domain, flow.Transform.Domain);
        Assert.Equal(Domain.Interval(-4, 0), flow.Transform.Domain);
    }

    [Fact]
    public void Numbers_that_no_memory_holds_are_told_before_they_are_asked_for()
    {
        var declared = Assert.Throws<InsufficientMemoryException>(
            () => Flow.On(Shape.Vector(4)).AffineCoupling(2_000_000_000));
        Assert.Contains("choose smaller sizes", declared.Message);
        using var flow = Flow.On(Shape.Vector(4)).ActNorm().Into(Distribution.StandardNormal);
        using var generator = new Generator(1);
        Assert.Throws<InsufficientMemoryException>(() => flow.Sample(long.MaxValue / 4, generator: generator));
        Assert.Throws<InsufficientMemoryException>(() => Flow.On(Shape.Vector(2_000_000_000)).Linear());
        Assert.Throws<ShapeException>(() => Shape.Of(1L << 40, 1L << 40));
    }

    [Fact]
    public void Blocks_that_no_memory_holds_are_told_before_a_list_of_them_is_made()
    {
        using var generator = new Generator(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InsufficientMemoryException>(() => new ResidualMlp(2, 2, 64, int.MaxValue, generator));
        Assert.Throws<InsufficientMemoryException>(() => new Made(2, 64, int.MaxValue, generator));
        Assert.Throws<InsufficientMemoryException>(() => new LipschitzMlp(2, 64, int.MaxValue, generator));
        Assert.Throws<LimitException>(() => new ResidualMlp(2, 2, 1, 100_000_000, generator));
        Assert.Throws<LimitException>(() => new Made(2, 1, 100_000_000, generator));
        Assert.Throws<LimitException>(() => new LipschitzMlp(2, 1, 100_000_000, generator));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>Whose depth the library does not know.</summary>
    private sealed class Around(Func<Bijector> inner) : Bijector
    {
        public override int EventRank => 0;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) =>
            Nested.Forward(inner(), x, context);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
            Nested.Inverse(inner(), y, context);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) => Nested.ForwardWithLogDet(inner(), x, context, eventRank);

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) => Nested.InverseWithLogDet(inner(), y, context, eventRank);
    }

    private sealed class Counted : Bijector
    {
        private readonly TorchSharp.Modules.Parameter weight = nn.Parameter(zeros(1).DetachFromDisposeScope());

        public Counted() => RegisterComponents();

        public int Disposals { get; private set; }

        public TorchSharp.Modules.Parameter Weight => weight;

        public override int EventRank => 0;

        public override bool IsVolumePreserving => true;

        protected override void Dispose(bool disposing)
        {
            Disposals++;
            base.Dispose(disposing);
        }

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x.alias();

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.alias();

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) => (x.alias(), zeros(1));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) => (y.alias(), zeros(1));
    }
}
