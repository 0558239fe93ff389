using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>Transformers take the raw parameters of other libraries as they are.</summary>
public sealed class TransformerReferenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_linear_spline_agrees_with_nflows() => OnUnitInterval(
        "linear_spline_unit", new LinearSpline(8, 1, SplineEnds.Closed, leastSize: 0), "unnormalized_pdf");

    [Fact]
    public void A_quadratic_spline_agrees_with_nflows() => OnUnitInterval(
        "quadratic_spline_unit", new QuadraticSpline(8, 1, SplineEnds.Closed), "unnormalized_widths",
        "unnormalized_heights");

    [Fact]
    public void A_closed_rational_quadratic_spline_agrees_with_nflows() => OnUnitInterval(
        "rational_quadratic_spline_unit", new RationalQuadraticSpline(8, 1, SplineEnds.Closed), "unnormalized_widths",
        "unnormalized_heights", "unnormalized_derivatives");

    [Fact]
    public void A_rational_quadratic_spline_agrees_with_nflows()
    {
        var reference = ReferenceCase.Read("rational_quadratic_spline_linear_tails");
        reference.Check(
            new RationalQuadraticSpline(8, reference.Number("tail_bound")), eventRank: 0,
            Raw(reference, "unnormalized_widths", "unnormalized_heights", "unnormalized_derivatives"));
    }

    [Fact]
    public void A_rational_quadratic_spline_agrees_with_zuko()
    {
        var reference = ReferenceCase.Read("zuko_monotonic_rqs");
        reference.Check(
            new RationalQuadraticSpline(8, 5, leastSize: 0, leastSlope: 0, softClip: reference.Number("slope")),
            eventRank: 0, Raw(reference, "widths", "heights", "derivatives"));
    }

    [Fact]
    public void A_Bernstein_polynomial_agrees_with_zuko()
    {
        var reference = ReferenceCase.Read("zuko_bernstein");
        reference.Check(new BernsteinPolynomial(9), eventRank: 0, reference.Input("theta"));
    }

    [Fact]
    public void An_affine_coupling_is_a_coupling_by_an_affine_transformer()
    {
        var net = new ResidualMlp(2, 4, 8, 1, new Generator(1));
        var (one, other) = (new AffineCoupling(net), new Coupling(net, Transformer.Affine()));
        var x = randn(7, 4, generator: new Generator(2));
        var ((y, logDet), (z, logDetOther)) = (one.ForwardWithLogDet(x), other.ForwardWithLogDet(x));
        Assert.True(y.allclose(z, 1e-6, 1e-6));
        Assert.True(logDet.allclose(logDetOther, 1e-6, 1e-6));
    }

    // Ours map [-1, 1].
    private static void OnUnitInterval(string name, Transformer transformer, params string[] parameters)
    {
        var reference = ReferenceCase.Read(name);
        reference.Check(
            new Affine(2, -1) >> transformer >> new Affine(0.5, 0.5), eventRank: 0, Raw(reference, parameters));
    }

    private static Tensor Raw(ReferenceCase reference, params string[] names) =>
        cat([.. names.Select(reference.Input)], -1);
}
