namespace Bijectors.Benchmarks.Compiling;

/// <summary>Bijectors as people write them, one of each kind that the forward language has; copies differ in names and numbers.</summary>
internal static class Templates
{
    private const string Head = """
        using Bijectors;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;

        namespace User;


        """;

    private static readonly string[] s_bodies =
    [
        """
        /// <summary>Elementwise, nothing known.</summary>
        [GeneratedBijector]
        public sealed partial class Squash# : Bijector
        {
            [Forward]
            private static Tensor Map(Tensor x) => 2 * torch.sigmoid(# * x + 1) - 1;
        }
        """,
        """
        /// <summary>Elementwise, with parameters.</summary>
        [GeneratedBijector]
        public sealed partial class Bend# : Bijector
        {
            [Positive] private readonly Tensor _scale = ones(3);
            private readonly Parameter shift = new(zeros(3));

            public Bend#() => RegisterComponents();

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x)
            {
                x = torch.sinh(x / 3.#);
                x = torch.nn.functional.leaky_relu(x * _scale + shift, 0.#);
                return torch.asinh(x) * _scale;
            }
        }
        """,
        """
        /// <summary>A coupling by a network.</summary>
        [GeneratedBijector]
        public sealed partial class Coupling# : Bijector
        {
            private readonly Conditioner net;
            private readonly Partition _partition = Partition.Alternating();

            public Coupling#(Conditioner net)
            {
                this.net = net;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Couple(Tensor x, Tensor? context)
            {
                var (a, b) = _partition.Split(x);
                var (raw, shift) = net.ScaleAndShift(a, context);
                b = (b + shift) * torch.sigmoid(raw + #.5);
                return _partition.Join(a, b);
            }
        }
        """,
        """
        /// <summary>Both halves, one after the other.</summary>
        [GeneratedBijector]
        public sealed partial class TwoWay# : Bijector
        {
            private readonly Conditioner f;
            private readonly Conditioner g;

            public TwoWay#(Conditioner f, Conditioner g)
            {
                this.f = f;
                this.g = g;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Couple(Tensor x, Tensor? context)
            {
                var (a, b) = Parts.Halves(x);
                var (s, t) = f.ScaleAndShift(a, context);
                b = b * torch.exp(torch.tanh(s)) + t * #;
                var (u, v) = g.ScaleAndShift(b, context);
                a = a * torch.exp(torch.tanh(u)) + v;
                return Parts.Join(a, b);
            }
        }
        """,
        """
        /// <summary>Three parts.</summary>
        [GeneratedBijector]
        public sealed partial class Threes# : Bijector
        {
            private readonly Conditioner f;
            private readonly Bijector inner;

            public Threes#(Conditioner f, Bijector inner)
            {
                this.f = f;
                this.inner = inner;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                var (a, b, c) = Parts.Thirds(x);
                var (s, t) = f.ScaleAndShift(a, context);
                b = Parts.Flip(b) * torch.sigmoid(s) + t;
                c = inner.Forward(c, context) * #;
                c = c + a * b;
                return Parts.Join(c, b, a);
            }
        }
        """,
        """
        /// <summary>A loop over layers.</summary>
        [GeneratedBijector]
        public sealed partial class Layers# : Bijector
        {
            private readonly ModuleList<Bijector> layers;

            public Layers#(params Bijector[] layers)
            {
                this.layers = new(layers);
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                foreach (var layer in layers)
                {
                    x = layer.Forward(x, context);
                    x = Parts.Flip(x) * # + 1;
                }

                return x;
            }
        }
        """,
        """
        /// <summary>A loop that exchanges the halves.</summary>
        [GeneratedBijector]
        public sealed partial class Exchange# : Bijector
        {
            private readonly ModuleList<ResidualMlp> nets;

            public Exchange#(params ResidualMlp[] nets)
            {
                this.nets = new(nets);
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                var (a, b) = Parts.Halves(x);
                foreach (var net in nets)
                {
                    var (s, t) = net.ScaleAndShift(a, context);
                    b = b * torch.exp(torch.tanh(s)) + t / #;
                    (a, b) = (b, a);
                }

                return Parts.Join(a, b);
            }
        }
        """,
        """
        /// <summary>Masked autoregression.</summary>
        [GeneratedBijector]
        public sealed partial class Autoregressive# : Bijector
        {
            private readonly Made net;

            public Autoregressive#(Made net)
            {
                this.net = net;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                var (s, t) = net.ScaleAndShift(x, context);
                return x * torch.exp(torch.tanh(s) * #) + t;
            }
        }
        """,
        """
        /// <summary>A residual block.</summary>
        [GeneratedBijector]
        public sealed partial class Residual# : Bijector
        {
            private readonly LipschitzMlp net;
            private readonly bool _flips = true;

            public Residual#(LipschitzMlp net)
            {
                this.net = net;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                if (_flips)
                {
                    x = Parts.Flip(x) * #;
                }

                return x + net.Evaluate(x, context);
            }
        }
        """,
        """
        /// <summary>A spline, whose parameters a network gives.</summary>
        [GeneratedBijector]
        public sealed partial class Spline# : Bijector
        {
            private readonly Conditioner net;
            private readonly Partition _partition = Partition.First(#);

            public Spline#(Conditioner net)
            {
                this.net = net;
                RegisterComponents();
            }

            public override int EventRank => 1;

            [Forward]
            private Tensor Map(Tensor x, Tensor? context)
            {
                var (a, b) = _partition.Split(x);
                var (widths, heights, slopes) = RationalQuadratic.Parameters(net.Evaluate(a, context), 4, 8);
                b = RationalQuadratic.Map(b, widths, heights, slopes, 3.#);
                return _partition.Join(a, b);
            }
        }
        """,
    ];

    /// <summary>The number of kinds.</summary>
    public static int Kinds => s_bodies.Length;

    /// <summary>Files with one bijector each, all different, the kinds in turn.</summary>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<string> Files(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Head + s_bodies[i % Kinds].Replace("#", $"{(i / Kinds) + 1}", StringComparison.Ordinal) + "\n")];
}
