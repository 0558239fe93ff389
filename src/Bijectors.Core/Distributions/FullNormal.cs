using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A normal distribution <c>x = m + L z</c> with mean m and covariance <c>L L'</c>, L lower triangular with a positive
/// diagonal: <c>log p(x) = -|L^-1 (x - m)|^2 / 2 - sum of log L_ii - D log(2 pi) / 2</c>. Mean and L are trained, or a
/// network gives them from the context.
/// </summary>
/// <remarks>The elements of an event of several dimensions are taken row by row. Numbers of the network, or the
/// parameters: the D means, the D log-diagonal elements, then the elements below the diagonal, row by row.</remarks>
public sealed class FullNormal : Distribution
{
    private readonly Distribution standard;
    private readonly Tensor? numbers;
    private readonly Conditioner? network;

    /// <summary>A normal distribution that starts as the standard one.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    public FullNormal(Shape eventShape)
        : this(eventShape, new StandardNormal(Shape.Vector(eventShape.Size)), Initial.Constant(0, Count(eventShape)))
    {
    }

    /// <summary>A normal distribution whose mean and covariance depend on the context.</summary>
    /// <param name="eventShape">The shape of one point, of D elements.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of
    /// <c>2 D + D (D - 1) / 2</c> features. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <exception cref="ArgumentException">The network takes a further context.</exception>
    /// <exception cref="ShapeException">The network reads another shape, or gives another one.</exception>
    public FullNormal(Shape eventShape, Conditioner network, Shape contextShape)
        : this(eventShape, new StandardNormal(Shape.Vector(eventShape.Size)), network, contextShape)
    {
    }

    private FullNormal(Shape eventShape, Distribution standard, Conditioner network, Shape contextShape)
        : base(eventShape, contextShape)
    {
        ArgumentNullException.ThrowIfNull(network);
        ContextNetwork.Check(nameof(FullNormal), network, contextShape, Count(eventShape));
        this.standard = standard;
        this.network = network;
        RegisterComponents();
    }

    private FullNormal(Shape eventShape, Distribution standard, Tensor numbers)
        : base(eventShape)
    {
        this.standard = standard;
        this.numbers = numbers;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override ScalarType Dtype => standard.Dtype;

    /// <inheritdoc/>
    public override Device Device => standard.Device;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <inheritdoc/>
    public override Distribution Frozen() => network is null
        ? new FullNormal(EventShape, standard.Frozen(), Initial.Snapshot(numbers!))
        : new FullNormal(EventShape, standard.Frozen(), network.Frozen(), ContextShape!.Value);

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var batch = x.shape[..^EventShape.Rank];
        var (mean, logDiagonal, factor) = At(context, batch.Length);
        var centred = x.reshape([.. batch, EventShape.Size]) - mean;

        // One factor for all points is solved for at once, with the points as rows.
        var z = factor.dim() == 2
            ? linalg.solve_triangular(factor.mT, centred.reshape(-1, EventShape.Size), upper: true, left: false)
                .reshape(centred.shape)
            : linalg.solve_triangular(factor, centred.unsqueeze(-1), upper: false).squeeze(-1);
        var logProb = NestedDistribution.LogProb(standard, z, null);
        return (logProb - LogDets.Sum(logDiagonal, z, 1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var (mean, _, factor) = At(context, batch.Length);
        var z = NestedDistribution.Draw(standard, batch, null, generator);
        var x = mean + factor.matmul(z.unsqueeze(-1)).squeeze(-1);
        return x.reshape([.. batch, .. EventShape.ToArray()]).MoveToOuterDisposeScope();
    }

    /// <summary>Mean <c>(..., D)</c>, log-diagonal <c>(..., D)</c> and L <c>(..., D, D)</c> under a batch.</summary>
    private (Tensor Mean, Tensor LogDiagonal, Tensor Factor) At(Tensor? context, int dimensions)
    {
        var size = EventShape.Size;
        var all = network is null ? numbers! : network.Evaluate(context!, null);
        if (network is not null)
        {
            all = ContextNetwork.Lined(all, Shape.Vector(all.size(-1)), dimensions + 1);
        }

        var (mean, logDiagonal) = (all.narrow(-1, 0, size), all.narrow(-1, size, size));

        // The elements below the diagonal from their places, the others from a zero behind them.
        var rest = cat([all.narrow(-1, 2 * size, size * (size - 1) / 2), zeros_like(all.narrow(-1, 0, 1))], -1);
        var below = rest.index_select(-1, Places(size, all.device)).reshape([.. all.shape[..^1], size, size]);
        return (mean, logDiagonal, below + logDiagonal.exp().diag_embed());
    }

    /// <summary>
    /// For each element of a matrix, row by row, its place among those below the diagonal, or the place behind them.
    /// </summary>
    private static Tensor Places(long size, Device device)
    {
        var places = new long[size * size];
        var count = 0L;
        for (var row = 0L; row < size; row++)
        {
            for (var column = 0L; column < size; column++)
            {
                places[(row * size) + column] = column < row ? count++ : size * (size - 1) / 2;
            }
        }

        return tensor(places, ScalarType.Int64, device);
    }

    private static long Count(Shape shape) => (2 * shape.Size) + (shape.Size * (shape.Size - 1) / 2);
}
