using Bijectors.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

public sealed class WidenedTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Fields_hold_float64_copies_and_then_the_very_same_tensors()
    {
        using var holder = new Holder();
        var before = holder.All;
        using (new Widened(holder))
        {
            Assert.All(holder.All.Zip(before), pair =>
            {
                Assert.NotSame(pair.First, pair.Second);
                Assert.Equal(ScalarType.Float64, pair.First.dtype);
                Assert.True(pair.First.to(ScalarType.Float32).equal(pair.Second).all().item<bool>());
            });
            Assert.Same(holder.All[0], holder.All[1]);
            Assert.IsType<Parameter>(holder.All[0]);
            Assert.Equal(ScalarType.Int64, holder.Order.dtype);
        }

        Assert.All(holder.All.Zip(before), pair => Assert.Same(pair.First, pair.Second));
        Assert.All(before, tensor => Assert.False(tensor.IsInvalid));
    }

    [Fact]
    public void A_parameter_in_no_field_is_refused_and_nothing_has_changed()
    {
        using var holder = new Holder(hidden: true);
        var before = holder.All;
        Assert.Throws<NotSupportedException>(() => new Widened(holder));
        Assert.All(holder.All.Zip(before), pair => Assert.Same(pair.First, pair.Second));
    }

    public void Dispose() => _scope.Dispose();

    private sealed class Holder : nn.Module
    {
        private readonly Parameter weight = new(rand(3));
        private readonly Parameter tied;
        private readonly Tensor buffer = rand(2);
        private readonly Tensor order = arange(3);
        private readonly Tensor[] _loose = [rand(1)];
        private readonly Dictionary<string, Parameter> _named = [];

        public Holder(bool hidden = false)
            : base(nameof(Holder))
        {
            tied = weight;
            RegisterComponents();
            if (hidden)
            {
                _named.Add("hidden", new Parameter(rand(1)));
                register_parameter("hidden", _named["hidden"]);
            }
        }

        public Tensor[] All => [weight, tied, buffer, _loose[0]];

        public Tensor Order => order;
    }
}
