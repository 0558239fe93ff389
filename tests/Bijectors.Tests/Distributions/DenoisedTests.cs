using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>Points of a normal density without the noise in them: the posterior mean in closed form.</summary>
public sealed class DenoisedTests : IDisposable
{
    private const double Deviation = 0.3;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(7);

    /// <summary>Normal points x around c with the covariance S, seen with noise: y has S + s^2 I.</summary>
    private readonly Tensor _clean;
    private readonly Tensor _inverse;

    public DenoisedTests()
    {
        var root = randn([3, 3], ScalarType.Float64, generator: _generator);
        _clean = root.matmul(root.t()) + 0.1 * eye(3, dtype: ScalarType.Float64);
        _inverse = linalg.inv(_clean + Deviation * Deviation * eye(3, dtype: ScalarType.Float64));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-4)]
    public void The_mean_is_that_of_the_posterior(ScalarType dtype, double bound)
    {
        var denoised = new Normal(_inverse.to(dtype)).Denoised(Deviation);
        // More than are passed at a time, and not a multiple.
        var y = 3 * randn([2, 300, 3], dtype, generator: _generator);
        var centre = randn([2, 3], dtype, generator: _generator);
        var wide = centre.unsqueeze(1).to(ScalarType.Float64);
        var expected = wide
            + (y.to(ScalarType.Float64) - wide).matmul(_clean.matmul(_inverse).t());
        var got = denoised.Of(y, centre);
        Assert.Equal(y.shape, got.shape);
        Assert.Equal(dtype, got.dtype);
        Assert.False(got.requires_grad);
        Assert.InRange((got.to(ScalarType.Float64) - expected).abs().max().ToDouble(), 0, bound);
        // One point under several contexts.
        Assert.Equal([2, 3], denoised.Of(y[0, 0], centre).shape);
    }

    [Fact]
    public void Of_a_flow_it_is_that_of_its_density()
    {
        using var linear = new PluLinear(3, _generator);
        using var flow = Flow.On(Shape.Vector(3)).Then(linear).Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.3 * randn(parameter.shape, ScalarType.Float64, generator: _generator));
            }
        }

        // z = y M + b is standard normal, so grad log p(y) = -z M^T; rows of M are what unit vectors add to b.
        var shift = flow.Encode(zeros(1, 3, ScalarType.Float64)).Z.detach();
        var images = flow.Encode(eye(3, dtype: ScalarType.Float64)).Z.detach() - shift;
        var y = randn([20, 3], ScalarType.Float64, generator: _generator);
        var expected = y - 0.04 * (y.matmul(images) + shift).matmul(images.t());
        Assert.InRange((flow.Denoised(0.2).Of(y) - expected).abs().max().ToDouble(), 0, 1e-12);
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad is null));
    }

    [Fact]
    public void Samples_are_those_of_the_distribution_without_their_noise()
    {
        var noisy = new Normal(_inverse);
        var denoised = new Denoised(noisy, Deviation);
        var centres = randn([4, 3], ScalarType.Float64, generator: _generator);
        using var first = new Generator(1);
        using var second = new Generator(1);
        Assert.True(denoised.Of(noisy.Sample(4, centres, first), centres).Equals(denoised.Sample(4, centres, second)));
        var each = denoised.SampleEach(5000, centres, first);
        Assert.Equal([4, 5000, 3], each.shape);
        // E[E[x | y]] = E[x], and its covariance is S (S + s^2 I)^-1 S.
        Assert.InRange((each.mean([1L]) - centres).abs().max().ToDouble(), 0, 0.15);
        var centred = each[0] - centres[0];
        var covariance = centred.t().matmul(centred) / 5000;
        var expected = _clean.matmul(_inverse).matmul(_clean);
        Assert.InRange((covariance - expected).abs().max().ToDouble(), 0, 0.15 * expected.abs().max().ToDouble());
    }

    [Fact]
    public void Where_the_density_is_flat_or_zero_points_stay()
    {
        var uniform = new Uniform(Shape.Vector(2));
        var y = tensor(new float[] { 0.2f, 0.3f, 5, 5 }).reshape(2, 2);
        Assert.True(y.Equals(uniform.Denoised(0.1).Of(y)));
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        var noisy = new Normal(_inverse);
        Assert.Throws<ArgumentException>(() => noisy.Denoised(0));
        Assert.Throws<ArgumentException>(() => noisy.Denoised(double.NaN));
        Assert.Throws<ShapeException>(() => noisy.Denoised(1).Of(zeros(2, ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => noisy.Denoised(1).Of(zeros(3, ScalarType.Float64)));
        using var bound = new LatentDistribution(
            new UniformDequantization(Shape.Vector(2), 4), new Uniform(Shape.Vector(2), 0, 4));
        Assert.Contains("known exactly", Assert.Throws<ArgumentException>(() => bound.Denoised(1)).Message);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    /// <summary>A normal density around the context by the inverse of its covariance.</summary>
    private sealed class Normal(Tensor inverse) : Distribution(Shape.Vector(3), Shape.Vector(3))
    {
        public override Domain Support => Domain.Real;

        public override ScalarType Dtype => inverse.dtype;

        public override Device Device => inverse.device;

        public override bool IsReparameterized => true;

        protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
        {
            using var scope = NewDisposeScope();
            var d = x - Lined(x.dim(), context!);
            var logDet = inverse.logdet() / 2 - 1.5 * Math.Log(2 * Math.PI);
            return (logDet - (d.matmul(inverse) * d).sum(-1) / 2).MoveToOuterDisposeScope();
        }

        protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
        {
            using var scope = NewDisposeScope();
            var root = linalg.cholesky(linalg.inv(inverse));
            var z = randn([.. batch, 3], inverse.dtype, generator: generator);
            return (z.matmul(root.t()) + Lined(z.dim(), context!)).MoveToOuterDisposeScope();
        }

        private static Tensor Lined(long dims, Tensor context) => context.reshape(
            [.. context.shape[..^1], .. Enumerable.Repeat(1L, (int)(dims - context.dim())), 3]);
    }
}
