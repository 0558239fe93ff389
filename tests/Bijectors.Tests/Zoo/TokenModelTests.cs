using Bijectors.Tests.Numerical;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>JetFormer and FARMER, latent flow and CIF: what is dropped, what conditions it, what is a bound.</summary>
public sealed class TokenModelTests : NumericalTest
{
    private const int Levels = 5;

    private static readonly Shape s_image = Shape.Image(1, 4, 4);

    public static TheoryData<string> Bounded => ["latentflow", "cif"];

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void The_informative_channels_go_on_and_the_others_are_standard_normal(int informative, long kept)
    {
        using var ungraded = no_grad();
        using var flow = JetFormer.Create(s_image, new() { Hidden = 8, Informative = informative });
        Assert.True(flow.HasExactLogProb);
        var latent = (LatentDistribution)flow.Base;
        Assert.Equal(Shape.Of(4, kept), latent.Latent.EventShape);
        Moved(flow);
        var z = Random(7, 4, 4);
        var dropped = new StandardNormal(Shape.Of(4, 4 - kept));
        dropped.to(ScalarType.Float64);
        AssertClose(
            latent.Latent.LogProb(z[.., .., ..(int)kept]) + dropped.LogProb(z[.., .., (int)kept..]),
            latent.LogProb(z), 1e-10);
    }

    [Fact]
    public void Where_all_channels_are_informative_nothing_is_dropped()
    {
        using var flow = JetFormer.Create(s_image, new() { Hidden = 8, Informative = 4 });
        Assert.IsType<AutoregressiveMixture>(flow.Base);
        using var farmer = Farmer.Create(s_image, new() { Hidden = 8, Informative = 4 });
        Assert.IsType<AutoregressiveMixture>(farmer.Base);
        Assert.Contains("expected informative of at most 4",
            Assert.Throws<ArgumentException>(() => JetFormer.Create(s_image, new() { Informative = 5 })).Message);
    }

    [Fact]
    public void Redundant_channels_have_one_mixture_that_the_informative_ones_move()
    {
        using var ungraded = no_grad();
        using var flow = Farmer.Create(s_image, new() { Hidden = 8, Components = 3 });
        Moved(flow);
        var latent = (LatentDistribution)flow.Base;
        var z = Random(7, 4, 4);

        // The redundant channels of the tokens in another order.
        var turned = z.clone();
        turned[.., .., 2..] = z[.., .., 2..].roll([1], [1]);
        AssertClose(latent.LogProb(z), latent.LogProb(turned), 1e-10);

        // The same of the informative ones is another point, also for the redundant ones.
        var other = z.clone();
        other[.., .., ..2] = z[.., .., ..2].roll([1], [1]);
        var before = latent.LogProb(z) - latent.Latent.LogProb(z[.., .., ..2]);
        var behind = latent.LogProb(other) - latent.Latent.LogProb(other[.., .., ..2]);
        Assert.True(((before - behind).abs() > 1e-6).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Bounded))]
    public void There_is_a_bound_that_trains_all_parts(string name)
    {
        var model = Models.Named(name);
        using var flow = model.Create(s_image, model.With(model.Defaults, "hidden", "8"), Levels, seed: 1);
        Assert.False(flow.HasExactLogProb);
        Assert.Throws<InvalidOperationException>(() => flow.LogProb(ones([2, .. s_image.ToArray()])));
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.05 * randn(parameter.shape, generator: Generator));
            }
        }

        var x = randint(0, Levels, [6, .. s_image.ToArray()], generator: Generator).to(ScalarType.Float32);
        var bound = flow.LowerBound(x, generator: Generator);
        BackwardPass.Run(bound.mean());
        Assert.All(flow.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
        using var frozen = flow.Frozen();
        AssertClose(
            flow.LowerBound(x, samples: 2, generator: new Generator(3)).detach().to(ScalarType.Float64),
            frozen.LowerBound(x, samples: 2, generator: new Generator(3)).to(ScalarType.Float64), 1e-4);
        Assert.Equal([20, .. s_image.ToArray()], flow.Sample(20, generator: Generator).shape);
    }

    [Fact]
    public void The_deviation_of_the_posterior_is_a_constant_or_the_encoders()
    {
        using var simple = LatentFlow.Create(s_image, new() { Deviation = 0.3, Latent = 3 });
        var layer = (VariationalAutoencoder)((LatentDistribution)simple.Base).Layer;
        Assert.Equal(0.3, ((LocationScale)layer.Encoder).Scale);
        Assert.Equal(Shape.Of(4, 3), layer.LatentShape);
        using var learned = LatentFlow.Create(s_image, new() { Deviation = 0 });
        layer = (VariationalAutoencoder)((LatentDistribution)learned.Base).Layer;
        Assert.Null(((LocationScale)layer.Encoder).Scale);
    }

    private void Moved(Flow flow)
    {
        flow.to(ScalarType.Float64);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.2 * Random(parameter.shape));
        }
    }
}
