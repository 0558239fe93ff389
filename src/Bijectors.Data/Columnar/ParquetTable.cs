using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Bijectors.Data;

/// <summary>Reads Parquet files.</summary>
internal sealed class ParquetTable : ColumnarFile
{
    private static readonly Dictionary<Type, Func<ParquetRowGroupReader, DataField, ColumnValues, int, Task>> Readers =
        new()
        {
            [typeof(sbyte)] = Numbers<sbyte>,
            [typeof(byte)] = Numbers<byte>,
            [typeof(short)] = Numbers<short>,
            [typeof(ushort)] = Numbers<ushort>,
            [typeof(int)] = Numbers<int>,
            [typeof(uint)] = Numbers<uint>,
            [typeof(long)] = Numbers<long>,
            [typeof(ulong)] = Numbers<ulong>,
            [typeof(float)] = Numbers<float>,
            [typeof(double)] = Numbers<double>,
            [typeof(decimal)] = Numbers<decimal>,
            [typeof(bool)] = Truths,
            [typeof(ReadOnlyMemory<char>)] = Texts,
        };

    private readonly WindowStream _stream;
    private readonly ParquetReader _reader;

    private ParquetTable(string whose, WindowStream stream, ParquetReader reader)
        : base(whose, stream.Length)
    {
        (_stream, _reader) = (stream, reader);
        Fields = [.. reader.Schema.Fields.Select(Field)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnarField> Fields { get; }

    /// <inheritdoc/>
    protected override string Format => "a Parquet";

    /// <summary>Reads the schema of a file, which is taken over.</summary>
    public static ParquetTable Open(string whose, Stream stream)
    {
        try
        {
            ParquetFooter.Check(whose, stream);
            return Guarded(whose, "a Parquet", () =>
            {
                ParquetFooter.Walk(stream);
                var window = new WindowStream(stream);
                return new ParquetTable(
                    whose, window, Waiting(() => ParquetReader.CreateAsync(window, leaveStreamOpen: true)));
            });
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<ColumnValues> ReadValues(IReadOnlyList<int> columns)
    {
        var groups = _reader.RowGroups;
        var rows = CheckRows(
            groups.Aggregate(0L, (sum, group) =>
                group.RowCount is >= 0 and <= int.MaxValue ? checked(sum + group.RowCount) : -1),
            columns.Count);
        var values = columns.Select(column => new ColumnValues(Fields[column], rows)).ToList();
        var pages = new ParquetPages(Whose, _stream);
        foreach (var group in groups)
        {
            foreach (var (column, into) in columns.Zip(values))
            {
                var field = (DataField)_reader.Schema.Fields[column];
                pages.Check(group.GetMetadata(field)!, group.RowCount);
                Waiting(async () =>
                {
                    await Readers[field.ClrType](group, field, into, (int)group.RowCount).ConfigureAwait(false);
                    return true;
                });
            }
        }

        return values;
    }

    private static ColumnarField Field(Field field)
    {
        if (field is not DataField { IsArray: false, MaxRepetitionLevel: 0 } data)
        {
            var nested = field.SchemaType == SchemaType.Data ? "arrays" : $"a {field.SchemaType}";
            return new(field.Name, ColumnarKind.Other, nested);
        }

        return data.ClrType == typeof(ReadOnlyMemory<char>) ? new(field.Name, ColumnarKind.Texts, "texts")
            : Readers.ContainsKey(data.ClrType) ? new(field.Name, ColumnarKind.Numbers, "numbers")
            : data.ClrType == typeof(ReadOnlyMemory<byte>) ? new(field.Name, ColumnarKind.Other, "bytes")
            : new(field.Name, ColumnarKind.Other, data.ClrType.Name);
    }

    private static async Task Numbers<T>(ParquetRowGroupReader group, DataField field, ColumnValues into, int rows)
        where T : struct, INumber<T>
    {
        foreach (var value in await Read<T>(group, field, rows).ConfigureAwait(false))
        {
            into.Add(value);
        }
    }

    private static async Task Truths(ParquetRowGroupReader group, DataField field, ColumnValues into, int rows)
    {
        foreach (var value in await Read<bool>(group, field, rows).ConfigureAwait(false))
        {
            into.Add(value);
        }
    }

    private static async Task Texts(ParquetRowGroupReader group, DataField field, ColumnValues into, int rows)
    {
        var texts = new string?[rows];
        await group.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
        foreach (var text in texts)
        {
            into.Add(text);
        }
    }

    private static async Task<IEnumerable<T?>> Read<T>(ParquetRowGroupReader group, DataField field, int rows)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[rows];
            await group.ReadAsync<T>(field, (Memory<T?>)values).ConfigureAwait(false);
            return values;
        }

        var all = new T[rows];
        await group.ReadAsync<T>(field, (Memory<T>)all).ConfigureAwait(false);
        return all.Select(value => (T?)value);
    }

    // Elsewhere, since a thread that must go on where it was may be the one that waits here.
    private static T Waiting<T>(Func<Task<T>> act) => Task.Run(act).GetAwaiter().GetResult();
}
