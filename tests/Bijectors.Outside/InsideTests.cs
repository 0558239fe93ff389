using System.Text.RegularExpressions;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>What looks inside bijectors looks inside those of this assembly.</summary>
public sealed class InsideTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void No_project_lets_this_one_see_its_internals()
    {
        var source = Path.Combine(Bijectors.Tests.Repository.Root, "src");
        var projects = Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        Assert.DoesNotContain(
            projects,
            project => Regex.IsMatch(File.ReadAllText(project), @"InternalsVisibleTo[^>]*Bijectors\.Outside"));
    }

    [Fact]
    public void A_chain_follows_domains_through_them()
    {
        Assert.Equal(Domain.Unit, new Conjugated(new Logit(), new Affine(0.5, 1)).Codomain);
        var error = Assert.Throws<DomainException>(() => new Exp() >> new Conjugated(new Logit(), new Affine(0.5, 1)));
        Assert.Contains("(Conjugated): expected values in (0, 1), got Positive.", error.Message);

        // tanh gives (-1, 1), and the stages say what becomes of that.
        var ends = (Interval)(new Tanh() >> new Conjugated(new Sinh(), new Affine(2, 0))).Codomain;
        Assert.Equal(Math.Asinh(2 * Math.Sinh(1)), ends.High, 12);
        ends = (Interval)(new Tanh() >> new Conjugated(new Sinh(), new Affine(2, 0)) >> new Affine(1, 3)).Codomain;
        Assert.Equal(3 - Math.Asinh(2 * Math.Sinh(1)), ends.Low, 12);
    }

    [Fact]
    public void A_composite_of_lines_is_a_line_to_a_chain()
    {
        var line = new Conjugated(new Affine(2, 1), new Negate());
        Assert.Equal(Domain.Interval(-2, -1), line.DomainMap!.Image(Domain.Interval(0, 1)));
        Assert.Equal(Domain.Interval(-2, -1), line.DomainMap.Preimage(Domain.Interval(0, 1)));
        Assert.Equal(0, line.AffineAxis);
        Assert.Equal(Domain.Interval(-2, -1), (line >> new Logit()).Domain);
    }

    [Fact]
    public void A_table_shows_what_is_inside()
    {
        var flow = Flow.On(Shape.Vector(5))
            .Then(new Gated(new ActNorm(Shape.Vector(5)), 5))
            .Then(new OnThirds(new PluLinear(2, new Generator(1)), new Sinh()))
            .Then(new Masked(new Sinh(), [true, false, true, false, true]))
            .Into(Distribution.StandardNormal);
        Assert.Equal(
            """
            layer           output        parameters  facts
            --------------  ------------  ----------  -----------------
            data            (5)                       Real
            Gated           (5)                   15  constant Jacobian
              ActNorm(-1)   (5)                   10  constant Jacobian
            OnThirds        (5)                    6
              PluLinear(2)  (2)                    6  constant Jacobian
              Sinh          (1)
            Masked          (5)
              Sinh          (5)
            StandardNormal  (5)
            total           5 dimensions          21

            """,
            flow.Describe());
    }

    [Fact]
    public void The_laws_name_the_bijector_inside_that_breaks_one()
    {
        var error = Assert.Throws<LawViolationException>(
            () => BijectorLaws.Check(
                () => new Conjugated(new Reverse(), new Gated(new Lopsided(), 3)), Shape.Vector(3)));
        Assert.Contains("g.inner", error.Message);
        Assert.Contains("Lopsided", error.Message);
    }

    [Fact]
    public void A_report_names_layers_inside_and_steps_of_ones_own()
    {
        var flow = Flow.On(Shape.Vector(5))
            .Then(new Gated(new OnThirds(new PluLinear(2, new Generator(1)), new Sinh()) >> new Reverse(), 5))
            .Into(Distribution.StandardNormal);
        var report = InvertibilityReport.Of(flow, randn(20, 5, generator: new Generator(2)), samples: 20);
        Assert.Equal(ScalarType.Float64, report.JacobianDType);
        Assert.InRange(report.RoundTrip.Worst, 0, 1e-4);
        Assert.InRange(report.LogDet.Worst, 0, 1e-5);
        Assert.Equal(
            [
                "transform.inner.layers.0.first", "transform.inner.layers.0.last", "transform.inner.layers.1",
                "transform",
            ],
            report.Layers.Select(layer => layer.Path));
    }

    [Fact]
    public void Matrix_products_inside_are_counted()
    {
        var flow = Flow.On(Shape.Of(3, 6))
            .Then(new Gated(new PluLinear(6, new Generator(1)), 6))
            .Then(new OnThirds(new PluLinear(2, new Generator(2)), new Sinh()))
            .Then(new Conjugated(new PluLinear(3, new Generator(3)), new Sinh()).Along(-2))
            .Into(Distribution.StandardNormal);
        Assert.Equal(2 * ((3 * 36) + (3 * 4) + (2 * 6 * 9)), flow.MatrixOperations);
    }

    public void Dispose() => _scope.Dispose();
}
