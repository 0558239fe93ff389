using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Missing entries of the rows of a table, which are NaN: they are drawn from a normal distribution q whose locations
/// and scales a network gives from what is observed. It gives a lower bound on the density of what is observed:
/// <c>log p(x_observed) &gt;= E [log p(x) - log q(x_missing | x_observed)]</c>. Decoding changes nothing: what is
/// sampled is complete.
/// </summary>
/// <remarks>
/// <para>A row's log-density counts the observed entries only. Entries are taken to be missing at random: whether one
/// is does not depend on its value, given what is observed.</para>
/// <para>It stands before all other steps, so that these see whole rows. Without a network, q is the normal
/// distribution of the location and the deviation of each column, whatever is observed.</para>
/// <para>Source: Mattei, Frellsen 2019, MIWAE: Deep generative modelling and imputation of incomplete data sets, arXiv
/// 1812.02633, eq. 3 and 5, with a flow in place of the decoder.</para>
/// </remarks>
public sealed class Imputation : StochasticLayer
{
    private static readonly double s_logRootTau = Math.Log(2 * Math.PI) / 2;

    private readonly Conditioner? network;
    private readonly TableColumns _columns;
    private readonly double[] _location;
    private readonly double[] _deviation;

    /// <summary>A step that fills in what is missing.</summary>
    /// <param name="eventShape">The shape of one row, a vector of d entries.</param>
    /// <param name="columns">The places of the m columns in which entries may be missing.</param>
    /// <param name="location">What the entries of each of the d columns are around.</param>
    /// <param name="deviation">How far they are from it, above 0.</param>
    /// <param name="network">Reads <c>(batch..., d + m)</c>: the entries less their location, over their deviation, 0
    /// where one is missing; then for each of the columns 1 where it is missing and 0 else. It gives
    /// <c>(batch..., 2 m)</c>: all log-scales and then all locations, in units of the deviation around the location.
    /// Null for none.</param>
    /// <exception cref="ShapeException">Rows are no vectors, or the network does not fit.</exception>
    /// <exception cref="ArgumentException">A column is not one of a row; there is not a finite location and a positive
    /// deviation for each entry.</exception>
    public Imputation(
        Shape eventShape, IReadOnlyList<long> columns, IReadOnlyList<double> location, IReadOnlyList<double> deviation,
        Conditioner? network = null)
        : base(eventShape, eventShape, network is { ContextSize: > 0 and var size } ? Shape.Vector(size) : null)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(deviation);
        _columns = new(nameof(Imputation), eventShape, columns);
        if (location.Count != eventShape[0] || deviation.Count != eventShape[0] || !location.All(double.IsFinite)
            || !deviation.All(width => width > 0 && double.IsFinite(width)))
        {
            throw new ArgumentException(
                $"{nameof(Imputation)}: expected a finite location and a positive deviation for each of "
                + $"{eventShape[0]} columns, got ({string.Join(", ", location)}) and ({string.Join(", ", deviation)}).",
                nameof(location));
        }

        var read = Shape.Vector(eventShape[0] + columns.Count);
        if (network is not null && network.OutputShape(read) != Shape.Vector(2 * columns.Count))
        {
            throw new ShapeException(
                nameof(Imputation), $"expected a network that gives {2 * columns.Count} features",
                $"got {network.OutputShape(read)}");
        }

        (_location, _deviation, this.network) = ([.. location], [.. deviation], network);
        RegisterComponents();
    }

    /// <summary>The places of the columns in which entries may be missing.</summary>
    public IReadOnlyList<long> Columns => _columns.All;

    /// <summary>What the entries of each column are around.</summary>
    public IReadOnlyList<double> Location => _location;

    /// <summary>How far the entries of each column are from it.</summary>
    public IReadOnlyList<double> Deviation => _deviation;

    /// <summary>The network; null where there is none.</summary>
    public Conditioner? Network => network;

    /// <summary>All reals, of which some may be missing; what the distribution of z allows besides, see <see
    /// cref="SupportBefore"/>.</summary>
    public override Domain Support => SupportBefore(Domain.Real)!;

    /// <inheritdoc/>
    public override Domain LatentSupport => Domain.Real;

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override bool IsReparameterized => true;

    /// <summary>Means and deviations of the columns of rows, of what is there.</summary>
    /// <param name="rows">Rows <c>(N, d)</c>, NaN where an entry is missing.</param>
    /// <returns>Both of each column, in float64; a deviation of 1 where the entries are all the same.</returns>
    /// <exception cref="ShapeException">They are no rows.</exception>
    /// <exception cref="ArgumentException">A column has no entry, or an infinite one.</exception>
    public static (IReadOnlyList<double> Location, IReadOnlyList<double> Deviation) Spread(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2)
        {
            throw new ShapeException(nameof(Imputation), "expected rows (N, d)", $"got {Shape.Text(rows.shape)}");
        }

        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var exact = rows.to(ScalarType.Float64);
        var missing = exact.isnan();
        var count = missing.logical_not().to(ScalarType.Float64).sum([0L]);
        var none = zeros([], ScalarType.Float64);
        var mean = where(missing, none, exact).sum([0L]) / count;
        var deviation = (where(missing, none, exact - mean).square().sum([0L]) / count).sqrt();
        if (!deviation.isfinite().all().item<bool>())
        {
            throw new ArgumentException(
                "Imputation: expected finite entries in each column, got a column without any, or infinity; leave it "
                + "out.",
                nameof(rows));
        }

        return (mean.data<double>().ToArray(),
            where(deviation > 0, deviation, ones_like(deviation)).data<double>().ToArray());
    }

    /// <summary>What z may be, of which entries of the columns may be missing.</summary>
    /// <inheritdoc/>
    public override Domain? SupportBefore(Domain latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        return Columns.All(column => Domain.Real.Equals(ProductDomain.Factor(latent, column)))
            ? PartiallyObserved.Of(latent, Columns)
            : null;
    }

    /// <inheritdoc/>
    public override StochasticLayer Frozen() => new Imputation(
        EventShape, Columns, Location, Deviation, network?.Frozen());

    /// <summary>The type and the columns.</summary>
    public override string ToString() => $"{nameof(Imputation)}(columns {string.Join(", ", Columns)})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var missing = x.isnan();
        var (location, deviation) = (As(_location, x), As(_deviation, x));
        var filled = where(missing, location, x);
        var absent = _columns.Of(missing).to(x.dtype);
        var (logScale, mean) = Given(cat([(filled - location) / deviation, absent], -1), context);
        var noise = Draws.Normal(absent.shape, x.dtype, x.device, generator);
        var width = _columns.Of(deviation);
        var drawn = _columns.Of(location) + (width * (mean + (logScale.exp() * noise)));

        // - log q of what is missing.
        var terms = absent * ((noise.square() / 2) + logScale + width.log() + s_logRootTau);
        return (_columns.Put(filled, drawn, missing).MoveToOuterDisposeScope(),
            LogDets.Sum(terms, terms, eventRank: 1).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(z);
        return z.alias();
    }

    /// <summary>Log-scales and locations, <c>(batch..., m)</c>, in units of the deviation.</summary>
    private (Tensor LogScale, Tensor Mean) Given(Tensor read, Tensor? context)
    {
        if (network is null)
        {
            var none = zeros([Columns.Count], read.dtype, read.device);
            return (none, none);
        }

        return network.ScaleAndShift(read, context);
    }

    private static Tensor As(double[] values, Tensor like) => tensor(values, dtype: like.dtype, device: like.device);
}
