using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Mutants that are wrong in more than a step.</summary>
internal static class Crooked
{
    /// <summary>Elementwise, volume preserving; only the four methods differ.</summary>
    public abstract class Moving : Bijector
    {
        public override int EventRank => 1;

        public override bool IsVolumePreserving => true;

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (ForwardCore(x, context), LogDets.Zero(x));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context), LogDets.Zero(y));

        protected override Shape OutputShapeCore(Shape input) => Three(input);

        protected override Shape InputShapeCore(Shape output) => Three(output);

        private static Shape Three(Shape shape) =>
            shape[-1] == 3 ? shape : throw new ShapeException("Moving", "expected 3 entries", $"got {shape}");
    }

    public sealed class Untouched : Moving
    {
        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y;
    }

    public sealed class WrittenOtherwise : Moving
    {
        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + 2;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - 2;

        [Forward]
        private static Tensor Map(Tensor x) => x + 1;
    }

    public sealed class ShortLived : Moving
    {
        private readonly Parameter shift;

        public ShortLived()
        {
            RegisterComponents();

            // Too late for RegisterComponents to take it out of the scope.
            shift = new(zeros(3));
            register_parameter(nameof(shift), shift);
        }

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + shift;

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - shift;
    }

    public sealed class Listed : Moving
    {
#pragma warning disable BIJ0401 // the mistake that the laws have to find
        private readonly List<Parameter> _shifts;
#pragma warning restore BIJ0401

        public Listed(int seed)
        {
            using var generator = new Generator((ulong)seed);
            _shifts = [new(randn(3, generator: generator).DetachFromDisposeScope())];
            RegisterComponents();
        }

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
        {
            using var shift = _shifts[0].to(x.dtype);
            return x + shift;
        }

        protected internal override Tensor InverseCore(Tensor y, Tensor? context)
        {
            using var shift = _shifts[0].to(y.dtype);
            return y - shift;
        }
    }

    public sealed class Shuffle(int seed) : Moving
    {
        private readonly long[] _order = seed % 2 == 0 ? [1, 2, 0] : [2, 0, 1];

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
        {
            using var order = tensor(_order);
            return x.index_select(-1, order);
        }

        protected internal override Tensor InverseCore(Tensor y, Tensor? context)
        {
            using var order = tensor(_order.Select((_, i) => (long)Array.IndexOf(_order, i)).ToArray());
            return y.index_select(-1, order);
        }
    }
}
