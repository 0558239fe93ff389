using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>What holds of every distribution, with its density summed over a grid of the plane.</summary>
public sealed class DistributionLaws : Numerical.NumericalTest
{
    private const double Step = 0.02;
    private const int Draws = 20_000;

    public static TheoryData<string> Names => [.. DistributionCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_density_integrates_to_one_and_samples_have_its_moments(string name)
    {
        using var ungraded = no_grad();
        var p = Make(name);
        var context = Context(p);
        var (grid, cells) = Grid(p);
        var weights = p.LogProb(grid, context).exp() * cells;

        // A density that ends abruptly is off by the cells at its ends.
        var tolerance = p.Support == Domain.Real ? 1e-3 : 1e-2;
        Assert.InRange(weights.sum().item<double>(), 1 - tolerance, 1 + tolerance);

        var x = p.Sample(Draws, context, Generator).reshape(Draws, 2);
        var flat = grid.reshape(-1, 2);
        Tensor[] ofSamples = [x, x.square(), x.prod(-1, keepdim: true), (x > 0.3).to(x.dtype)];
        Tensor[] ofGrid = [flat, flat.square(), flat.prod(-1, keepdim: true), (flat > 0.3).to(x.dtype)];
        foreach (var (samples, nodes) in ofSamples.Zip(ofGrid))
        {
            var expected = (weights.unsqueeze(-1) * nodes).sum(dim: 0);
            var error = samples.std(0) / Math.Sqrt(Draws);
            Assert.True(((samples.mean([0L]) - expected).abs() < 5 * error + 0.02 * (1 + expected.abs())).all()
                .item<bool>(), name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_density_that_comes_with_samples_is_that_of_the_samples(string name)
    {
        using var ungraded = no_grad();
        var p = Make(name);
        var (x, logProb) = p.SampleWithLogProb(50, Context(p), Generator);
        AssertClose(p.LogProb(x, Context(p)), logProb, 1e-9);
        Assert.Equal([50, .. p.EventShape.ToArray()], x.shape);
        Assert.True(p.Support.Contains(x).all().item<bool>());
        AssertClose(logProb, p.LowerBound(x, Context(p), samples: 3), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_through_samples_are_those_of_the_same_noise_under_other_parameters(string name)
    {
        var p = Make(name);
        if (!p.IsReparameterized)
        {
            // Through the layers of a flow gradients pass all the same.
            Assert.False(p is not Flow && p.Sample(3, Context(p), Generator).requires_grad);
            return;
        }

        if (p.parameters().FirstOrDefault() is not { } parameter)
        {
            return;
        }

        var direction = Random(parameter.shape);
        Statistic().backward();
        var slope = (parameter.grad! * direction).sum().item<double>();
        using var ungraded = no_grad();
        const double h = 1e-5;
        parameter.add_(direction, h);
        var above = Statistic().item<double>();
        parameter.add_(direction, -2 * h);
        var below = Statistic().item<double>();
        Assert.InRange(
            slope - ((above - below) / (2 * h)), -1e-6 * (1 + Math.Abs(slope)), 1e-6 * (1 + Math.Abs(slope)));

        Tensor Statistic()
        {
            using var same = new Generator(3);
            return p.Sample(200, Context(p), same).reshape(200, 2).pow(3).sum(-1).mean();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frozen_copy_is_the_same_distribution_without_parameters(string name)
    {
        var p = Make(name);
        var frozen = p.Frozen();
        Assert.Empty(frozen.parameters());
        var x = p.Sample(20, Context(p), Generator).detach();
        var expected = p.LogProb(x, Context(p)).detach();
        AssertClose(expected, frozen.LogProb(x, Context(p)).detach(), 1e-10);
        using var ungraded = no_grad();
        foreach (var parameter in p.parameters())
        {
            parameter.add_(1);
        }

        AssertClose(expected, frozen.LogProb(x, Context(p)).detach(), 1e-10);
        using var a = new Generator(5);
        Assert.Equal(p.EventShape, frozen.EventShape);
        Assert.Equal([7, .. p.EventShape.ToArray()], frozen.Sample(7, Context(p), a).shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_state_is_one_distribution(string name)
    {
        var (p, other) = (Make(name), Make(name));
        var x = p.Sample(20, Context(p), Generator).detach();
        other.load_state_dict(p.state_dict());
        Assert.True(p.LogProb(x, Context(p)).Equals(other.LogProb(x, Context(p))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_tensor_survives_a_call(string name)
    {
        var p = Make(name);
        var context = Context(p);
        var x = p.Sample(20, context, Generator).detach();
        Assert.Equal(0, Survivors(() => p.LogProb(x, context).Dispose()));
        Assert.Equal(0, Survivors(() => p.Sample(20, context, Generator).Dispose()));
        Assert.Equal(0, Survivors(() =>
        {
            var (points, logProb) = p.SampleWithLogProb(20, context, Generator);
            points.Dispose();
            logProb.Dispose();
        }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batches_and_contexts_line_up_from_the_left(string name)
    {
        using var ungraded = no_grad();
        var p = Make(name);
        var x = p.Sample(3, Context(p), Generator).unsqueeze(1);
        if (p.ContextShape is null)
        {
            AssertClose(p.LogProb(x.squeeze(1)).unsqueeze(1), p.LogProb(x), 1e-10);
            Assert.Throws<ArgumentException>(() => p.LogProb(x, Random(DistributionCatalogue.ContextSize)));
            return;
        }

        var contexts = Random(1, 4, DistributionCatalogue.ContextSize);
        var all = p.LogProb(x, contexts);
        Assert.Equal([3, 4], all.shape);
        for (var i = 0; i < 4; i++)
        {
            AssertClose(p.LogProb(x.squeeze(1), contexts[0, i]), all.select(1, i), 1e-10);
        }

        var (each, logProb) = p.SampleEachWithLogProb(5, contexts[0], Generator);
        Assert.Equal([4, 5, .. p.EventShape.ToArray()], each.shape);
        AssertClose(p.LogProb(each, contexts[0].unsqueeze(1)), logProb, 1e-9);
        Assert.Equal([4, .. p.EventShape.ToArray()], p.Sample(4, contexts[0], Generator).shape);
        Assert.Throws<ShapeException>(() => p.Sample(5, contexts[0], Generator));
        Assert.Throws<ArgumentException>(() => p.LogProb(x));
        Assert.Throws<ShapeException>(() => p.LogProb(x, Random(2)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Points_of_another_shape_or_dtype_are_refused_in_a_sentence(string name)
    {
        var p = Make(name);
        Assert.StartsWith(
            $"{p.GetType().Name}: expected points (batch..., ",
            Assert.Throws<ShapeException>(() => p.LogProb(Random(4, 5), Context(p))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => p.LogProb(zeros(p.EventShape.ToArray(), ScalarType.Float32), Context(p)));
        Assert.Throws<ArgumentOutOfRangeException>(() => p.Sample(-1, Context(p)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_runs_in_float32_as_well(string name)
    {
        using var ungraded = no_grad();
        var p = Make(name);
        var (x, expected) = p.SampleWithLogProb(50, Context(p), Generator);
        p.to(ScalarType.Float32);
        var context = Context(p);
        AssertClose(expected, p.LogProb(x.to(ScalarType.Float32), context).to(ScalarType.Float64), 1e-4);
        Assert.Equal(ScalarType.Float32, p.Sample(3, context, Generator).dtype);
    }

    private static Tensor? Context(Distribution p) => p.ContextShape is null
        ? null
        : linspace(-1, 1, DistributionCatalogue.ContextSize, p.Dtype);

    /// <summary>The middles of the cells of a grid, finer towards zero, and their areas: <c>x = sinh(t)</c>.</summary>
    private static (Tensor Nodes, Tensor Areas) Grid(Distribution p)
    {
        var t = arange(-6 + (Step / 2), 6, Step, ScalarType.Float64);
        var plane = stack(meshgrid([t, t], indexing: "ij"), -1);
        return (plane.sinh().reshape([-1, .. p.EventShape.ToArray()]), plane.cosh().prod(-1).flatten() * (Step * Step));
    }

    private Distribution Make(string name) =>
        DistributionCatalogue.Moved(DistributionCatalogue.All.Single(entry => entry.Name == name), Generator);
}
