using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Bijectors.Data;

/// <summary>Reads Arrow files and streams, that is also Feather files of version 2.</summary>
internal sealed class ArrowTable : ColumnarFile
{
    private readonly ArrowStreamReader _reader;

    private ArrowTable(string whose, long length, ArrowStreamReader reader)
        : base(whose, length)
    {
        _reader = reader;
        Fields = [.. reader.Schema.FieldsList.Select(Field)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnarField> Fields { get; }

    /// <inheritdoc/>
    protected override string Format => "an Arrow";

    /// <summary>Reads the schema of a file, which is taken over.</summary>
    public static ArrowTable Open(string whose, Stream stream)
    {
        using (stream)
        {
            var content = ArrowContent.Read(whose, stream);
            return Guarded(whose, "an Arrow", () =>
            {
                new ArrowMessages(whose, PackedFile.MostUnpacked(stream.Length)).Check(content.Span);
                var reader = new ArrowStreamReader(content, new CompressionCodecFactory());
                return new ArrowTable(whose, stream.Length, reader);
            });
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _reader.Dispose();

    /// <inheritdoc/>
    protected override IReadOnlyList<ColumnValues> ReadValues(IReadOnlyList<int> columns)
    {
        var batches = new List<RecordBatch>();
        try
        {
            long count = 0;
            while (_reader.ReadNextRecordBatch() is { } batch)
            {
                batches.Add(batch);
                CheckRows(count += batch.Length, columns.Count);
            }

            var rows = CheckRows(count, columns.Count);
            return [.. columns.Select(column =>
            {
                var values = new ColumnValues(Fields[column], rows);
                batches.ForEach(batch => ArrowValues.Add(batch.Column(column), batch.Length, values));
                return values;
            })];
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    private static ColumnarField Field(Field field)
    {
        var type = field.DataType is DictionaryType dictionary ? dictionary.ValueType : field.DataType;
        return new(field.Name, ArrowValues.Kind(type), type.TypeId switch
        {
            ArrowTypeId.Binary or ArrowTypeId.LargeBinary or ArrowTypeId.BinaryView or ArrowTypeId.FixedSizedBinary
                => "bytes",
            _ => type.Name,
        });
    }
}
