using System.Globalization;

namespace Bijectors.Testing;

/// <summary>
/// A batch of points, <c>(B, event...)</c>, each with its context, <c>(B, C)</c>, where there is one.
/// </summary>
internal sealed record Points(Tensor X, Tensor? Context)
{
    private const int Shown = 64;

    /// <summary>True where they lie at the edges of a domain, or far out where it has none.</summary>
    public bool AtEdges { get; init; }

    public long Count => X.shape[0];

    /// <summary>All points of several batches.</summary>
    public static Points Join(IReadOnlyList<Points> batches) => batches is [var only] ? only : new(
        cat([.. batches.Select(batch => batch.X)], 0),
        batches[0].Context is null ? null : cat([.. batches.Select(batch => batch.Context!)], 0));

    public Points Select(IEnumerable<long> which)
    {
        var index = tensor(which.ToArray());
        return this with { X = X.index_select(0, index), Context = Context?.index_select(0, index) };
    }

    public Points To(ScalarType dtype) => new(X.to(dtype), Context?.to(dtype));

    public override string ToString() =>
        Context is null ? Write(X) : $"{Write(X)} in the context {Write(Context)}";

    public static string Write(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Write(Tensor x)
    {
        using var flat = x.to(ScalarType.Float64).reshape(x.shape[0], -1);
        var rows = flat.shape[1] == 0 ? [] : flat.data<double>().ToArray().Chunk((int)flat.shape[1]);
        return string.Join("; ", rows.Select(row =>
            $"[{string.Join(", ", row.Take(Shown).Select(Number))}{(row.Length > Shown ? ", ..." : "")}]"));

        // A float32 is shown in its own short form, not in the float64's.
        string Number(double value) =>
            x.dtype == ScalarType.Float32 ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : Write(value);
    }
}
