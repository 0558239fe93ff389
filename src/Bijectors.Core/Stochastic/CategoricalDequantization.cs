using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Columns of categories among the columns of a table: category k with the share p_k, of all those before it F_k, gives
/// <c>z = Phi^-1(F_k + p_k u)</c> with u uniform in (0, 1), a normal number within the interval of its category;
/// decoding gives the category whose interval holds z. It gives a lower bound:
/// <c>log w = sum over the columns of log p_k - log phi(z)</c>.
/// </summary>
/// <remarks>
/// <para>Codes are whole numbers 0..K-1. Where the shares are those of the data, each such column of z is standard
/// normal, and the bound is exact of independent columns. The number of columns stays, so that a row and its latent
/// have the same columns. The order of categories matters only to what the layers behind it have to learn.</para>
/// <para>Source: Rueschendorf 2009, On the distributional transform, Sklar's theorem, and the empirical copula process,
/// section 2; as noise of a flow as in Theis et al. 2016, arXiv 1511.01844, section 3.1.</para>
/// </remarks>
public sealed class CategoricalDequantization : StochasticLayer
{
    /// <summary>The smallest share of a category: below, its interval holds few numbers of float32.</summary>
    public const double LeastShare = 1e-6;

    private static readonly double s_logRootTau = Math.Log(2 * Math.PI) / 2;

    private readonly TableColumns _columns;
    private readonly CategoryIntervals[] _intervals;

    /// <summary>Columns of categories.</summary>
    /// <param name="eventShape">The shape of one row, a vector.</param>
    /// <param name="columns">The places of the columns in a row.</param>
    /// <param name="shares">For each of them the share of each category, at least <see cref="LeastShare"/>; they are
    /// divided by their sum.</param>
    /// <param name="names">For each of them the names of the categories, which are kept with the layer; null where they
    /// have none.</param>
    /// <exception cref="ShapeException">Rows are no vectors.</exception>
    /// <exception cref="ArgumentException">A column is not one of a row, has fewer than two categories, a share that is
    /// too small, or another number of names.</exception>
    public CategoricalDequantization(
        Shape eventShape, IReadOnlyList<long> columns, IReadOnlyList<IReadOnlyList<double>> shares,
        IReadOnlyList<IReadOnlyList<string>>? names = null)
        : base(eventShape, eventShape)
    {
        ArgumentNullException.ThrowIfNull(shares);
        const string name = nameof(CategoricalDequantization);
        _columns = new(name, eventShape, columns);
        if (shares.Count != columns.Count || (names is not null && names.Count != columns.Count))
        {
            throw new ArgumentException(
                $"{name}: expected shares, and names where there are some, for each of {columns.Count} columns, got "
                + $"{shares.Count} and {names?.Count}.", nameof(shares));
        }

        for (var i = 0; i < columns.Count; i++)
        {
            if (names is not null && names[i].Count != shares[i].Count)
            {
                throw new ArgumentException(
                    $"{name}: expected a name for each of {shares[i].Count} categories of column {columns[i]}, got "
                    + $"{names[i].Count}.", nameof(names));
            }
        }

        _intervals = [.. shares.Select(CategoryIntervals.Of)];
        Names = names;
    }

    /// <summary>The places of the columns in a row.</summary>
    public IReadOnlyList<long> Columns => _columns.All;

    /// <summary>For each column the share of each category; they sum to one.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Shares => [.. _intervals.Select(column => column.Shares)];

    /// <summary>For each column the names of the categories; null where they have none.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Names { get; }

    /// <summary>Codes in the columns, all reals elsewhere; what the distribution of z allows there, see <see
    /// cref="SupportBefore"/>.</summary>
    public override Domain Support => SupportBefore(Domain.Real)!;

    /// <inheritdoc/>
    public override Domain LatentSupport => Domain.Real;

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <summary>The layer whose shares are those of some rows.</summary>
    /// <param name="rows">At least one row <c>(N, d)</c> of codes in the columns.</param>
    /// <param name="columns">The places of the columns, each with the number of its categories, some of which may not
    /// occur among the rows.</param>
    /// <param name="names">The names of the categories of each column; null for none.</param>
    /// <remarks>Each category counts half a row more than it has, the estimate of Krichevsky and Trofimov, so that none
    /// has a share of zero.</remarks>
    /// <exception cref="ShapeException">The rows are not of the shape.</exception>
    /// <exception cref="ArgumentException">An entry of a column is no code, or a column has too many categories.
    /// </exception>
    public static CategoricalDequantization FittedTo(
        Tensor rows, IReadOnlyList<(long Column, int Count)> columns,
        IReadOnlyList<IReadOnlyList<string>>? names = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        const string name = nameof(CategoricalDequantization);
        if (rows.dim() != 2 || rows.size(0) == 0)
        {
            throw new ShapeException(name, "expected rows (N, d), at least one", $"got {Shape.Text(rows.shape)}");
        }

        var row = Shape.Vector(rows.size(1));
        long[] places = [.. columns.Select(column => column.Column)];
        using var entries = new TableColumns(name, row, places).Of(rows);
        return new(row, places, [.. columns.Select((column, i) => Counted(entries.select(-1, i), column))], names);

        static double[] Counted(Tensor entries, (long Column, int Count) column)
        {
            using (entries)
            using (var inside = Domain.WholeNumbers(0, column.Count - 1).Contains(entries))
            using (var all = inside.all())
            {
                if (!all.item<bool>())
                {
                    throw new ArgumentException(
                        $"{name}: expected whole numbers from 0 to {column.Count - 1} in column {column.Column}, got "
                        + "another entry.", nameof(rows));
                }

                using var codes = entries.to(ScalarType.Int64);
                using var counts = codes.bincount(null, column.Count);
                return [.. counts.data<long>().ToArray().Select(count => count + 0.5)];
            }
        }
    }

    /// <summary>Codes in the columns, and elsewhere what z may be there.</summary>
    /// <inheritdoc/>
    public override Domain? SupportBefore(Domain latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        Domain?[] entries = [.. Enumerable.Range(0, (int)EventShape[0]).Select(i => ProductDomain.Factor(latent, i))];
        for (var i = 0; i < _intervals.Length; i++)
        {
            ref var entry = ref entries[Columns[i]];
            entry = Domain.Real.Equals(entry) ? Domain.WholeNumbers(0, _intervals[i].Count - 1) : null;
        }

        return entries.All(entry => entry is not null) ? ProductDomain.Of(entries!) : null;
    }

    /// <summary>The type, and how many columns have how many categories.</summary>
    public override string ToString() =>
        $"{nameof(CategoricalDequantization)}({string.Join(", ", Columns.Zip(
            _intervals, (column, intervals) => $"column {column}: {intervals.Count}"))})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var codes = _columns.Of(x);
        var columns = new List<Tensor>();
        Tensor? logWeight = null;
        for (var i = 0; i < _intervals.Length; i++)
        {
            var (z, logShare) = _intervals[i].Draw(codes.select(-1, i), generator);
            var term = logShare + (z.square() / 2) + s_logRootTau;
            logWeight = logWeight is null ? term : logWeight + term;
            columns.Add(z);
        }

        return (_columns.Put(x, stack(columns, -1)).MoveToOuterDisposeScope(), logWeight!.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(z);
        using var scope = NewDisposeScope();
        var entries = _columns.Of(z);
        var codes = _intervals.Select((column, i) => column.CodeOf(entries.select(-1, i)));
        return _columns.Put(z, stack(codes, -1)).MoveToOuterDisposeScope();
    }
}
