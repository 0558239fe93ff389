using Bijectors.Tests.Numerical;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>The base of Glow and RealNVP whose means and deviations are trained.</summary>
public sealed class LearnedPriorTests : NumericalTest
{
    private static readonly Shape s_image = Shape.Image(1, 4, 4);
    private static readonly Shape s_class = Shape.Vector(3);

    public static TheoryData<string, bool> Kinds => new()
    {
        { "glow", false }, { "glow", true }, { "realnvp", false }, { "realnvp", true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_density_is_that_of_normal_elements_of_all_levels(string name, bool isConditional)
    {
        using var ungraded = no_grad();
        var model = Models.Named(name);
        var options = model.With(model.With(model.Defaults, "learnedPrior", "true"), "hidden", "4");
        var shape = isConditional ? s_class : (Shape?)null;
        using var flow = model.Create(s_image, options, seed: 1, context: shape);
        flow.to(ScalarType.Float64);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.1 * Random(parameter.shape));
        }

        var x = Random(6, 1, 4, 4);
        var context = isConditional ? Random(6, 3) : null;
        var (z, logDet) = flow.Transform.ForwardWithLogDet(x, context);
        var trained = flow.Base.parameters().Select(parameter => (Tensor)parameter).ToList();

        // Of each element of all levels: the affine map's rows are log-deviations, then means; alone they are buffers'
        // names in order, means first.
        var (mean, logDeviation) = context is null
            ? (trained[0], trained[1])
            : Halves(context.mm(trained[0].mT) + trained[1]);
        var expected = (-(((z - mean) * (-logDeviation).exp()).square() / 2) - logDeviation
            - (Math.Log(2 * Math.PI) / 2)).sum(1) + logDet;
        AssertClose(expected, flow.LogProb(x, context), 1e-12);

        static (Tensor Mean, Tensor LogDeviation) Halves(Tensor output) =>
            (output.narrow(1, 16, 16), output.narrow(1, 0, 16));
    }

    [Fact]
    public void It_is_a_standard_normal_at_the_start_and_where_it_is_not_asked_for()
    {
        using var ungraded = no_grad();
        var z = randn([4, 16], generator: Generator);
        using var learned = Glow.Create(s_image, new() { LearnedPrior = true }, context: s_class);
        using var standard = Glow.Create(s_image, context: s_class);
        Assert.True(learned.Base.LogProb(z, randn([4, 3], generator: Generator)).allclose(standard.Base.LogProb(z)));
        Assert.Empty(standard.Base.parameters());
        Assert.Empty(RealNvp.Create(s_image).Base.parameters());
    }
}
