using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>Sets of whole events: what is inside, what lies along them, and densities on them.</summary>
public sealed class EventDomainTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public static TheoryData<string, long[]> Sets => new()
    {
        { "Simplex", [5] },
        { "Ordered", [5] },
        { "Sphere", [4] },
        { "CholeskyFactor", [3, 3] },
        { "Circle", [4] },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Samples_are_inside_and_stay_as_they_are(string name, long[] shape)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
        {
            var x = Named(name).Sample([50, .. shape], dtype, _generator);
            Assert.Equal([50, .. shape], x.shape);
            var inside = Named(name).Contains(x);
            Assert.Equal(x.shape, inside.shape);
            Assert.True(inside.all().item<bool>());
            Assert.True(
                (Named(name).Nearest(x) - x).abs().max().to(ScalarType.Float64).item<double>() <= 4 * finfo(dtype).eps);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void What_is_outside_is_moved_inside_and_a_NaN_is_nowhere(string name, long[] shape)
    {
        var domain = Named(name);
        var anywhere = 3 * randn([50, .. shape], ScalarType.Float64, generator: _generator);
        Assert.False(domain.Contains(anywhere).all().item<bool>());
        Assert.True(domain.Contains(domain.Nearest(anywhere)).all().item<bool>());
        var tied = zeros([.. shape], ScalarType.Float64);
        if (name == "Ordered")
        {
            Assert.False(domain.Contains(tied).any().item<bool>());
            Assert.True(domain.Contains(domain.Nearest(tied)).all().item<bool>());
        }

        var missing = domain.Sample(shape, ScalarType.Float64, _generator);
        missing.flatten()[0] = double.NaN;
        Assert.False(domain.Contains(missing).flatten()[0].item<bool>());
    }

    [Theory]
    [InlineData("Simplex", new long[] { 5 }, 4)]
    [InlineData("Sphere", new long[] { 4 }, 3)]
    [InlineData("CholeskyFactor", new long[] { 3, 3 }, 6)]
    public void Tangents_are_orthonormal_and_lead_along_the_set(string name, long[] shape, int dimensions)
    {
        var domain = Named(name);
        var x = domain.Sample([20, .. shape], ScalarType.Float64, _generator);
        var tangents = domain.Tangents(x)!;
        Assert.Equal([20, shape.Aggregate(1L, (a, b) => a * b), dimensions], tangents.shape);
        Assert.Equal(dimensions, domain.Dimensions(Shape.Of(shape)));
        var gram = tangents.mT.matmul(tangents);
        Assert.True(gram.allclose(eye(dimensions, dtype: ScalarType.Float64).expand_as(gram), 1e-12, 1e-12));

        // A small step along them leaves the set by the square of it.
        const double step = 1e-6;
        for (var i = 0; i < dimensions; i++)
        {
            var moved = x + (step * tangents.select(-1, i).reshape(x.shape));
            Assert.True((domain.Nearest(moved) - moved).abs().max().item<double>() < 10 * step * step);
        }
    }

    [Fact]
    public void Domains_hold_one_another()
    {
        Assert.True(Domain.Unit.Includes(Domain.Simplex));
        Assert.True(Domain.Real.Includes(Domain.Sphere));
        Assert.False(Domain.Positive.Includes(Domain.Ordered));
        Assert.False(Domain.Simplex.Includes(Domain.Unit));
        Assert.True(Domain.Circle.Includes(Domain.Interval(-1, 2)));
        Assert.Equal(Domain.Simplex, Domain.Real.Intersect(Domain.Simplex));
        Assert.Equal(Domain.Real, Domain.Simplex.Hull(Domain.Real));
        Assert.Contains(
            "Simplex", Assert.Throws<ArgumentException>(() => Domain.Simplex.Intersect(Domain.Sphere)).Message);
    }

    [Fact]
    public void There_is_a_usual_map_onto_most()
    {
        foreach (var domain in new[]
            {
                Domain.Real, Domain.Positive, Domain.Interval(-3, double.PositiveInfinity),
                Domain.Interval(double.NegativeInfinity, 2), Domain.Unit, Domain.Interval(1, 4), Domain.Simplex,
                Domain.Ordered, Domain.Sphere, Domain.CholeskyFactor,
            })
        {
            var f = Bijector.To(domain);
            Assert.Equal((Domain.Real, domain), (f.Domain, f.Codomain));
            var y = f.Forward(randn(7, 3, dtype: ScalarType.Float64, generator: _generator));
            Assert.True(domain.Contains(y).all().item<bool>());
        }

        Assert.Contains("expected a domain with a usual map",
            Assert.Throws<NotSupportedException>(() => Bijector.To(Domain.Circle)).Message);
        Assert.Throws<NotSupportedException>(() => Bijector.To(Domain.WholeNumbers(0, 3)));
    }

    [Fact]
    public void Equal_numbers_break_the_stick_into_equal_pieces()
    {
        var y = new StickBreaking().Forward(zeros(6, ScalarType.Float64));
        Assert.True(y.allclose(full_like(y, 1.0 / 7), 1e-14, 1e-14));
    }

    [Fact]
    public void Small_pieces_keep_their_digits()
    {
        var x = tensor(new[] { -40.0, 5, 30, -20 });
        var y = new StickBreaking().Forward(x);
        var back = new StickBreaking().Inverse(y);
        Assert.True(back.allclose(x, 1e-12, 1e-12));
        Assert.True(y.min().item<double>() is > 0 and < 1e-12);
    }

    [Fact]
    public void A_density_on_the_simplex_integrates_to_one_over_the_surface()
    {
        using var flow = Flow.On(Shape.Vector(3), seed: 2).Then(~Bijector.To(Domain.Simplex)).AffineCoupling(8)
            .Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        Assert.Equal(Domain.Simplex, flow.Support);

        // Midpoints of a grid of the first two entries; the surface over it is sqrt(3) as large.
        const int n = 800;
        var grid = (arange(n, ScalarType.Float64) + 0.5) / n;
        var (a, b) = (grid.unsqueeze(1).expand(n, n), grid.unsqueeze(0).expand(n, n));
        var inside = a + b < 1 - (0.5 / n);
        var x = stack([a[inside], b[inside], 1 - a[inside] - b[inside]], -1);
        var total = flow.LogProb(x).exp().sum().item<double>() * Math.Sqrt(3) / (n * n);
        Assert.Equal(1, total, 2);
    }

    // x = flat / (1 - height): where flat is 0 and the height -1, dx / dflat = 1 / 2, dx / dheight = 0.
    [Fact]
    public void The_stereographic_projection_has_a_gradient_at_the_pole_that_it_takes_to_zero()
    {
        using var f = new Stereographic();
        var pole = tensor([0.0, 0, -1]).requires_grad_();
        var (x, logDet) = f.InverseWithLogDet(pole);
        Assert.Equal([0.0, 0], x.data<double>().ToArray());
        Assert.Equal(-2 * Math.Log(2), logDet.item<double>(), 14);
        x.sum().backward();
        Assert.Equal([0.5, 0.5, 0], pole.grad!.data<double>().ToArray());
    }

    [Fact]
    public void A_density_on_the_circle_in_the_plane_integrates_to_one_over_its_length()
    {
        using var flow = Flow.On(Shape.Vector(2), seed: 2).Then(~new Stereographic()).Then(new Affine(2, 0.3))
            .Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        const int n = 4000;
        var angle = (arange(n, ScalarType.Float64) + 0.5) * (2 * Math.PI / n);
        var x = stack([angle.cos(), angle.sin()], -1);
        Assert.Equal(1, flow.LogProb(x).exp().sum().item<double>() * 2 * Math.PI / n, 6);
    }

    [Fact]
    public void Samples_of_a_flow_on_a_set_lie_in_it_and_points_beside_it_have_no_density()
    {
        foreach (var domain in new[] { Domain.Simplex, Domain.Ordered, Domain.Sphere })
        {
            using var flow = Flow.On(Shape.Vector(4), seed: 1).Then(~Bijector.To(domain)).MaskedAutoregressive(8)
                .Into(Distribution.StandardNormal);
            var x = flow.Sample(200, generator: _generator);
            Assert.True(domain.Contains(x).all().item<bool>());
            Assert.True(flow.LogProb(x).isfinite().all().item<bool>());
            Assert.True(flow.LogProb(x.flip(-1) + 0.3).isneginf().all().item<bool>());
        }
    }

    [Fact]
    public void A_layer_that_takes_the_events_apart_is_refused_where_the_set_would_be_lost()
    {
        var error = Assert.Throws<DomainException>(
            () => new Flow(Shape.Vector(4), new Sinh(),
                new Flow(Shape.Vector(4), ~new StickBreaking(), Distribution.StandardNormal)));
        Assert.Contains("Simplex", error.Message);
    }

    [Fact]
    public void A_domain_of_ones_own_says_which_points_are_inside()
    {
        var f = new Bounded();
        Assert.Equal("(0, 1) whatever the sign", f.Codomain.ToString());
        using var flow = new Flow(Shape.Vector(2), ~f, Distribution.StandardNormal);
        Assert.True(flow.LogProb(tensor(new[] { 2f, 0.5f })).isneginf().item<bool>());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    private static Domain Named(string name) => name switch
    {
        "Simplex" => Domain.Simplex,
        "Ordered" => Domain.Ordered,
        "Sphere" => Domain.Sphere,
        "CholeskyFactor" => Domain.CholeskyFactor,
        _ => Domain.Circle,
    };

    private sealed record Ball : Domain
    {
        public override Tensor Contains(Tensor x) => x.abs() < 1;

        public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator) =>
            randn(shape.ToArray(), dtype: dtype, generator: generator).tanh();

        public override string ToString() => "(0, 1) whatever the sign";
    }

    private sealed class Bounded : Bijector
    {
        private static readonly Tanh s_tanh = new();

        public override int EventRank => 0;

        public override Domain Codomain { get; } = new Ball();

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => s_tanh.Forward(x);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => s_tanh.Inverse(y);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            s_tanh.ForwardWithLogDet(x, null, eventRank);

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            s_tanh.InverseWithLogDet(y, null, eventRank);
    }
}
