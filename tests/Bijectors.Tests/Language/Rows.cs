using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>
/// Every row of the compiler's table as a bijector of its own; those that Core has as bijectors are in the catalogue.
/// </summary>
public static partial class Rows
{
    [GeneratedBijector]
    public sealed partial class Softsign : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => nn.functional.softsign(x);
    }

    [GeneratedBijector]
    public sealed partial class Erfinv : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => x.erfinv();
    }

    [GeneratedBijector]
    public sealed partial class Cosh : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => cosh(x);
    }

    [GeneratedBijector]
    public sealed partial class Acosh : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => acosh(x);
    }

    [GeneratedBijector]
    public sealed partial class Atan : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => x.atan();
    }

    [GeneratedBijector]
    public sealed partial class Asin : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => asin(x);
    }

    [GeneratedBijector]
    public sealed partial class Rsqrt : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => rsqrt(x);
    }

    [GeneratedBijector]
    public sealed partial class Log2 : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => log2(x);
    }

    [GeneratedBijector]
    public sealed partial class Log10 : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => log10(x);
    }

    [GeneratedBijector]
    public sealed partial class LogSigmoid : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => nn.functional.logsigmoid(x);
    }

    [GeneratedBijector]
    public sealed partial class Selu : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => nn.functional.selu(x);
    }

    [GeneratedBijector]
    public sealed partial class PowerOfTwo : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => pow(2.0, x);
    }

    [GeneratedBijector]
    public sealed partial class PowerOfAHalf : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => pow(0.5, x);
    }

    [GeneratedBijector]
    public sealed partial class NegativePower : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => pow(x, -3);
    }

    [GeneratedBijector]
    public sealed partial class PowerOfATensor : Bijector
    {
        [NonZero]
        private readonly Tensor exponent;

        public PowerOfATensor()
        {
            exponent = tensor(-1.5f).DetachFromDisposeScope();
            RegisterComponents();
        }

        [Forward]
        private Tensor Map(Tensor x) => pow(x, exponent);
    }

    [GeneratedBijector]
    public sealed partial class FromAConstant : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => 2 - x;
    }

    [GeneratedBijector]
    public sealed partial class Quotient : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => x / -4;
    }

    /// <summary>A row of one's own, with value and log-slope at once.</summary>
    [GeneratedBijector]
    public sealed partial class AtOnce : Bijector
    {
        [Forward]
        private static Tensor Map(Tensor x) => Cube(x, 2);

        [Primitive(nameof(Root), nameof(LogSlope), Low = 0, RangeLow = 0, WithLogSlope = nameof(CubeWithLogSlope),
            InverseWithLogSlope = nameof(RootWithLogSlope))]
        private static Tensor Cube(Tensor x, double k) => k * x.pow(3);

        private static Tensor Root(Tensor y, double k) => (y / k).pow(1.0 / 3);

        private static Tensor LogSlope(Tensor x, double k) => Math.Log(3 * k) + (2 * x.log());

        private static (Tensor Y, Tensor LogSlope) CubeWithLogSlope(Tensor x, double k) => (Cube(x, k), LogSlope(x, k));

        private static (Tensor X, Tensor LogSlope) RootWithLogSlope(Tensor y, double k)
        {
            var x = Root(y, k);
            return (x, LogSlope(x, k));
        }
    }
}
