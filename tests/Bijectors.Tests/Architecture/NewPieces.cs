using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Architecture;

/// <summary>A bijector and a network that nothing names but <see cref="NewPieceTests"/>.</summary>
public static partial class NewPieces
{
    /// <summary><c>y = sinh(a x) + b</c></summary>
    [GeneratedBijector]
    public sealed partial class Steep : Bijector
    {
        [Positive]
        private readonly double _a;
        private readonly double _b;

        public Steep(double a, double b)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
            (_a, _b) = (a, b);
            RegisterComponents();
        }

        public override string ToString() => FormattableString.Invariant($"Steep({_a}, {_b})");

        [Forward]
        private Tensor Map(Tensor x) => sinh(x * _a) + _b;
    }

    /// <summary><c>h sin(W x)</c> for each token of (tokens, channels).</summary>
    public sealed class Waves : Conditioner
    {
        private readonly TorchSharp.Modules.Parameter weight;
        private readonly long _inputs;

        public Waves(long inputs, long hidden, Generator generator, long contextSize = 0)
            : base(contextSize)
        {
            _inputs = inputs;
            weight = new(randn(inputs, inputs, generator: generator) / hidden);
            RegisterComponents();
        }

        public override int EventRank => 2;

        public override int FeatureAxis => -1;

        public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _inputs);

        public override Tensor Evaluate(Tensor input, Tensor? context)
        {
            using var mixed = input.matmul(weight);
            return mixed.sin();
        }
    }
}
