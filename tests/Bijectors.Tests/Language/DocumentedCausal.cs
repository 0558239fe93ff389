using Bijectors.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>The causal maps of docs/generator.md with rows of one's own, and over images, held to every law.</summary>
public class DocumentedCausal
{
    [Fact]
    public void An_autoregressive_spline() => BijectorLaws.Check(
        Spline(_ => new AutoregressiveSpline(4, 5, new Generator(1)), 4));

    [Fact]
    public void Its_inverse() => BijectorLaws.Check(Spline(_ => ~new AutoregressiveSpline(3, 4, new Generator(2)), 3));

    [Fact]
    public void An_autoregressive_spline_in_sweeps() => BijectorLaws.Check(
        Spline(_ => new AutoregressiveSpline(3, 4, new Generator(3)) { Solution = CausalSolution.Jacobi(0) }, 3));

    // One spline after the other, each with the roundings of those before it in its bins.
    private static LawCase Spline(Func<int, Bijector> make, int features) =>
        new(make, Shape.Vector(features), roundings: 4 * features);

    [Fact]
    public void A_raster() => BijectorLaws.Check(
        () => new Raster(new RasterNet(2, new Generator(4))), Shape.Image(2, 3, 3));

    [Fact]
    public void A_raster_in_sweeps() => BijectorLaws.Check(
        () => new Raster(new RasterNet(2, new Generator(5))) { Solution = CausalSolution.Jacobi(0) },
        Shape.Image(2, 2, 3));

    [Fact]
    public void Both_ways_give_the_same_image()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var raster = new Raster(new RasterNet(2, generator));
        raster.to(ScalarType.Float64);
        var y = randn(3, 2, 4, 5, ScalarType.Float64, generator: generator);
        var one = raster.Inverse(y);
        raster.Solution = CausalSolution.Jacobi(0);
        Assert.True(one.allclose(raster.Inverse(y), 1e-12, 1e-12));
        Assert.True(raster.Forward(one).allclose(y, 1e-10, 1e-10));
    }

    [Fact]
    public void What_stands_at_a_pixel_or_behind_it_changes_nothing_there()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var net = new RasterNet(2, generator);
        var x = randn(1, 2, 4, 5, generator: generator);
        var changed = x.clone();
        changed[TensorIndex.Colon, TensorIndex.Colon, 2, TensorIndex.Slice(3)] += 1;
        changed[TensorIndex.Colon, TensorIndex.Colon, 3] += 1;
        var (before, after) = (net.Evaluate(x, null), net.Evaluate(changed, null));
        var same = (before == after).all(1)[0];
        Assert.True(same.narrow(0, 0, 2).all().item<bool>());
        Assert.True(same[2].narrow(0, 0, 4).all().item<bool>());
        Assert.False(same[2][4].item<bool>());
    }
}

/// <summary>Every feature goes through a spline that the features before it choose.</summary>
[GeneratedBijector]
public sealed partial class AutoregressiveSpline : Bijector, ICausalInverse
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly int _bins;

    public AutoregressiveSpline(long features, int bins, Generator generator)
    {
        _bins = bins;
        weight = Drawn.Parameter(0.3, generator, features, (3 * bins) - 1, features);
        bias = Drawn.Parameter(0.3, generator, features, (3 * bins) - 1);
        RegisterComponents();
    }

    public override int EventRank => 1;

    // The knots: rounding is that of numbers of their size.
    public override double IntermediateSize => 3;

    public CausalSolution Solution { get; set; } = CausalSolution.Incremental;

    protected override Shape OutputShapeCore(Shape input) =>
        input[-1] == bias.size(0) ? input
            : throw new ShapeException($"{this}", $"expected {bias.size(0)} features", $"got {input}");

    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (widths, heights, slopes) = Bins(x);        // K bins for each entry, from the entries before it
        return RationalQuadratic.Map(x, widths, heights, slopes, 3);
    }

    [Causal(Trailing = 1)]
    private (Tensor Widths, Tensor Heights, Tensor Slopes) Bins(Tensor x)
    {
        using var scope = NewDisposeScope();
        var earlier = ones(x.size(-1), x.size(-1), dtype: x.dtype, device: x.device).tril(-1).unsqueeze(1);
        var heard = nn.functional.linear(x.tanh(), (weight * earlier).flatten(0, 1));
        var raw = heard.reshape([.. x.shape, bias.size(-1)]) + bias;
        var parts = raw.split([_bins, _bins, _bins - 1], -1);
        return scope.MoveToOuter(parts[0], parts[1], parts[2]);
    }
}

/// <summary>Every pixel is scaled and shifted by what a network says of the pixels before it in raster order.</summary>
[GeneratedBijector]
public sealed partial class Raster : Bijector, ICausalInverse
{
    private readonly RasterNet net;

    public Raster(RasterNet net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 3;

    public CausalSolution Solution { get; set; } = CausalSolution.Incremental;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = net.ScaleAndShift(x, context);     // of a pixel, from the rows above and the pixels to the left
        return (x - t) * torch.exp(-s);
    }
}

/// <summary>
/// Masked convolutions of 3 x 3 pixels: what is given for a pixel depends on the pixels before it in raster order, with
/// all their channels. The first leaves out the pixel itself (mask A), the second lets it through (mask B), since what
/// stands there hears earlier ones only. Source: van den Oord et al. 2016, Pixel recurrent neural networks, arXiv
/// 1601.06759.
/// </summary>
[Causal(-2, -1)]
public sealed class RasterNet : Conditioner
{
    private const int Hidden = 6;

    // For each place of the window that the mask leaves: the three above, the one to the left, and the pixel itself.
    private readonly Parameter first;
    private readonly Parameter second;
    private readonly Parameter bias;
    private readonly long _channels;

    public RasterNet(long channels, Generator generator)
        : base(contextSize: 0)
    {
        _channels = channels;
        first = Drawn.Parameter(0.3, generator, 4, Hidden, channels);
        second = Drawn.Parameter(0.3, generator, 5, 2 * channels, Hidden);
        bias = Drawn.Parameter(0.3, generator, 2 * channels, 1, 1);
        RegisterComponents();
    }

    public override int EventRank => 3;

    public override Shape OutputShape(Shape input) => input.Rank >= 3 && input[-3] == _channels
        ? input.With(-3, 2 * _channels)
        : throw new ShapeException(nameof(RasterNet), $"expected {_channels} channels", $"got {input}");

    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return (Convolve(Convolve(input.tanh(), first).tanh(), second) + bias).MoveToOuterDisposeScope();
    }

    private static Tensor Convolve(Tensor x, Tensor weight)
    {
        var padded = nn.functional.pad(x, [1, 1, 1, 0]);
        Tensor Window(int k) => padded.narrow(-2, k / 3, x.size(-2)).narrow(-1, k % 3, x.size(-1));
        return Enumerable.Range(0, (int)weight.size(0)).Select(k => einsum("oc,...chw->...ohw", weight[k], Window(k)))
            .Aggregate((sum, term) => sum + term);
    }
}

/// <summary>Parameters that outlive the scope in which a bijector is made.</summary>
internal static class Drawn
{
    public static Parameter Parameter(double size, Generator generator, params long[] sizes)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(size * randn(sizes, generator: generator));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
