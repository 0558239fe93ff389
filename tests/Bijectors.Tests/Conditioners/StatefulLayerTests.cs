using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Networks whose two directions would not see the same values.</summary>
public sealed class StatefulLayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Layers => ["Dropout", "AlphaDropout", "BatchNorm1d", "RReLU"];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Layers))]
    public void They_are_refused_where_they_are_first_used(string name)
    {
        Action[] uses =
        [
            () => new AffineCoupling(new Own(name)), () => new AdditiveCoupling(new Own(name)), () =>
                new GlowCoupling(new Own(name)),
            () => new Coupling(new Own(name), Transformer.RationalQuadratic()),
            () => new Own(name).ScaleAndShift(zeros(2, 2), null),
            () => new Own(name).Table(zeros(2, 2), null, 2), () => new Own(name).Groups(zeros(2, 2), null, 1, 1),
            () => new FactorOut(Partition.Halves(), new Sinh(), new Own(name), Shape.Vector(4)),
            () => new Flow(Shape.Vector(4), new Hidden(new Own(name)), Distribution.StandardNormal),
            () => new Flow(
                Shape.Vector(4), new Sinh(), Distribution.StandardNormal, contextShape: Shape.Vector(2),
                embedding: new Own(name)),
        ];
        foreach (var use in uses)
        {
            var message = Assert.Throws<InvalidOperationException>(use).Message;
            Assert.Contains(
                "Own: expected a network that gives the same values in both directions of a bijector", message);
            Assert.Contains($"got one with a {name} ('inner.1'), which ", message);
        }
    }

    [Fact]
    public void Every_such_layer_of_torch_is_known()
    {
        var modules =
            typeof(TorchSharp.Modules.Linear).Assembly.GetTypes()
            .Where(type => type.Namespace == "TorchSharp.Modules" && !type.IsAbstract);
        var found = modules.Where(type => type.Name.Contains("Dropout", StringComparison.Ordinal)
            || type.Name.StartsWith("BatchNorm", StringComparison.Ordinal) || type.Name == "RReLU").ToList();
        Assert.True(found.Count >= 10);
        Assert.All(found, type => Assert.NotNull(StatefulLayers.Does(type)));
        Assert.Null(StatefulLayers.Does(typeof(TorchSharp.Modules.LayerNorm)));
    }

    private static nn.Module<Tensor, Tensor> Layer(string name) => name switch
    {
        "Dropout" => nn.Dropout(),
        "AlphaDropout" => nn.AlphaDropout(),
        "BatchNorm1d" => nn.BatchNorm1d(4),
        _ => nn.RReLU(),
    };

    private sealed class Own : Conditioner
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Own(string name)
            : base(0)
        {
            inner = nn.Sequential(nn.Linear(2, 4), Layer(name));
            RegisterComponents();
        }

        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => WithFeatures(input, 2, 4);

        public override Tensor Evaluate(Tensor input, Tensor? context) => inner.call(input);
    }

    /// <summary>Holds a network and looks into nothing.</summary>
    private sealed class Hidden : Bijector
    {
        private readonly Conditioner net;

        public Hidden(Conditioner net)
        {
            this.net = net;
            RegisterComponents();
        }

        public override int EventRank => 1;

        public override bool IsVolumePreserving => true;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) =>
            x + net.Evaluate(zeros_like(x), null);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
            y - net.Evaluate(zeros_like(y), null);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (ForwardCore(x, context), LogDets.Zero(x));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context), LogDets.Zero(y));
    }
}
