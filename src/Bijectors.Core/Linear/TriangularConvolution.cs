using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An invertible k x k convolution: <c>y[p] = b + W (x[p] + sum_o A_o x[p - o])</c>, where o runs over pixels that come
/// before p in an order that begins in a corner. The Jacobian is triangular with W on its diagonal:
/// <c>log|dy/dx| = height width log|det W|</c>. The inverse is a substitution, pixel after pixel.
/// </summary>
/// <remarks>
/// <para>It starts as a <see cref="Conv1x1"/>: W a random rotation, all A zero. Rounding in the inverse stays as it is
/// where the norms of all A sum to less than 1, <c>|x| &lt;= |W^-1 (y - b)| / (1 - sum |A_o|)</c>; beyond that it may
/// grow from pixel to pixel, exponentially in height and width. Weight decay of the A keeps them small.</para>
/// <para>With <see cref="PixelWindow.Quadrant"/> it is the convolution of CInC flow, where W is triangular with ones on
/// its diagonal; with <see cref="PixelWindow.Raster"/> the autoregressive one of emerging convolutions, where W is
/// triangular: two of them from opposite corners see all k x k pixels around one. Source: Nagar, Dufraisse, Varma 2021,
/// CInC flow, arXiv 2107.01358; Hoogeboom, van den Berg, Welling 2019, Emerging convolutions for generative normalizing
/// flows, arXiv 1901.11137. Its inverse as the forward map, <c>~f</c>, is the layer of Nagar, Varma 2024, Inverse-Flow,
/// arXiv 2410.14634.</para>
/// </remarks>
// By hand: a substitution is no formula of elements.
public sealed class TriangularConvolution : Bijector
{
    private readonly PluLinear linear;
    private readonly Tensor taps;
    private readonly TriangularFilters _filters;

    /// <summary>A convolution that starts as a random rotation of the channels.</summary>
    /// <param name="channels">The number C of channels.</param>
    /// <param name="generator">What the rotation is drawn from.</param>
    /// <param name="kernel">The k of the k x k pixels, 2 or more; odd where they stand around the pixel.</param>
    /// <param name="corner">Where the order of the pixels begins.</param>
    /// <param name="window">Which pixels of the window are read.</param>
    /// <exception cref="ArgumentException">The number of channels is not positive, or the kernel is out of
    /// range.</exception>
    public TriangularConvolution(
        long channels, Generator generator, int kernel = 3, Corner corner = Corner.TopLeft,
        PixelWindow window = PixelWindow.Quadrant)
    {
        _filters = new(kernel, corner, window);
        linear = new(channels, generator);
        taps = Initial.Constant(0, _filters.TapCount, channels, channels);
        RegisterComponents();
    }

    private TriangularConvolution(PluLinear linear, Tensor taps, TriangularFilters filters)
    {
        (this.linear, this.taps, _filters) = (linear, taps, filters);
        RegisterComponents();
    }

    /// <summary>The number of channels.</summary>
    public long Channels => linear.Size;

    /// <summary>The k of the k x k pixels.</summary>
    public int Kernel => _filters.Kernel;

    /// <summary>Where the order of the pixels begins.</summary>
    public Corner Corner => _filters.Corner;

    /// <summary>Which pixels of the window are read.</summary>
    public PixelWindow Window => _filters.Window;

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <inheritdoc/>
    public override bool HasConstantJacobian => true;

    /// <summary>The type, the number of channels and the kernel.</summary>
    public override string ToString() => $"TriangularConvolution({Channels}, {Kernel}x{Kernel}, {Corner}, {Window})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input[-3] == Channels
        ? input
        : throw new ShapeException(ToString(), $"expected {Channels} channels", $"got {input}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new TriangularConvolution(linear.Snapshot(), Initial.Snapshot(taps), _filters);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var weight = linear.Weight();
        return _filters.Map(x, weight, taps, linear.Bias);
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var images = linear.SolveAlong(-3, y);
        return _filters.Solve(images, taps);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), linear.LogDetAlong(-3, x, eventRank));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Negate(linear.LogDetAlong(-3, y, eventRank)));
}
