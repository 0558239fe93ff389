using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>Every row of the compiler's table as a bijector of its own; those that Core has as bijectors are in the catalogue.</summary>
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
}
