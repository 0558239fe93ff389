using System.Collections.Frozen;

namespace Bijectors.Data;

/// <summary>
/// Goes through a struct of Parquet's metadata as the library does, byte by byte and within bounds, since the library
/// itself runs on behind the end of what it reads and asks for as much memory as a list says that it holds. Source:
/// Thrift compact protocol; parquet.thrift of Apache Parquet.
/// </summary>
/// <param name="bytes">The bytes, with the struct at their beginning.</param>
internal ref struct ThriftWalk(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 32;

    // What the library reads of each field: v a number, y a byte, d eight bytes, b nothing (a truth value stands in the
    // type), s a text, [x] a list of x, or a struct by its name.
    private static readonly FrozenDictionary<string, string[]> s_structs = new Dictionary<string, string>
    {
        ["FileMetaData"] = "- v [SchemaElement] v [RowGroup] [KeyValue] s [ColumnOrder] EncryptionAlgorithm s",
        ["SchemaElement"] = "- v v v s v v v v v LogicalType",
        ["LogicalType"] = "- Empty Empty Empty Empty DecimalType Empty TimeType TimeType - IntType Empty Empty Empty "
            + "Empty Empty VariantType GeometryType GeographyType",
        ["DecimalType"] = "- v v",
        ["TimeType"] = "- b TimeUnit",
        ["TimeUnit"] = "- Empty Empty Empty",
        ["IntType"] = "- y b",
        ["VariantType"] = "- y",
        ["GeometryType"] = "- s",
        ["GeographyType"] = "- s v",
        ["RowGroup"] = "- [ColumnChunk] v v [SortingColumn] v v v",
        ["SortingColumn"] = "- v b b",
        ["ColumnChunk"] = "- s v ColumnMetaData v v v v ColumnCrypto s",
        ["ColumnMetaData"] = "- v [v] [s] v v v v [KeyValue] v v v Statistics [EncodingStats] v v SizeStatistics "
            + "GeospatialStatistics",
        ["KeyValue"] = "- s s",
        ["EncodingStats"] = "- v v v",
        ["Statistics"] = "- s s v v s s b b",
        ["SizeStatistics"] = "- v [v] [v]",
        ["GeospatialStatistics"] = "- BoundingBox [v]",
        ["BoundingBox"] = "- d d d d d d d d",
        ["ColumnCrypto"] = "- Empty ColumnKey",
        ["ColumnKey"] = "- [s] s",
        ["ColumnOrder"] = "- Empty",
        ["EncryptionAlgorithm"] = "- Aes Aes",
        ["Aes"] = "- s s b",
        ["PageHeader"] = "- v v v v DataPageHeader Empty DictionaryPageHeader DataPageHeaderV2",
        ["DataPageHeader"] = "- v v v v Statistics",
        ["DictionaryPageHeader"] = "- v v b",
        ["DataPageHeaderV2"] = "- v v v v v v b Statistics",
        ["Empty"] = "-",
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Split(' '));

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The last number that was read for a field of a struct; 0 for none.</summary>
    private readonly Dictionary<(string Struct, int Field), long> _numbers = [];

    /// <summary>How many bytes were read.</summary>
    public int Length { get; private set; }

    /// <summary>The last number that was read for a field of a struct, 0 or 1 of a truth value; null for
    /// none.</summary>
    public readonly long? Number(string name, int field) =>
        _numbers.TryGetValue((name, field), out var number) ? number : null;

    /// <summary>Goes through a struct.</summary>
    /// <exception cref="EndOfStreamException">It is longer than the bytes.</exception>
    /// <exception cref="InvalidDataException">A field has a type that there is none of.</exception>
    public void Struct(string name)
    {
        var fields = s_structs[name];
        var id = 0;
        while (NextField(ref id, out var type))
        {
            if (id > 0 && id < fields.Length && fields[id] != "-")
            {
                Field(name, id, fields[id], type);
            }
            else
            {
                Skip(type, 0);
            }
        }
    }

    private void Field(string name, int id, string kind, int type)
    {
        switch (kind)
        {
            case "v":
                _numbers[(name, id)] = Signed();
                break;
            case "y":
                Take(1);
                break;
            case "d":
                Take(sizeof(double));
                break;
            case "b":
                _numbers[(name, id)] = type == 1 ? 1 : 0;
                break;
            case "s":
                Take(checked((int)Varint()));
                break;
            case ['[', .., ']']:
                for (var count = ListCount(out var element); count > 0; count--)
                {
                    Field(name, id, kind[1..^1], element);
                }

                break;
            default:
                Struct(kind);
                break;
        }
    }

    private void Skip(int type, int depth)
    {
        switch (type)
        {
            case 1 or 2:
                break;
            case 3:
                Take(1);
                break;
            case 4 or 5 or 6:
                Varint();
                break;
            case 7:
                Take(sizeof(double));
                break;
            case 8:
                Take(checked((int)Varint()));
                break;
            case 9 when depth < Deepest:
                for (var count = ListCount(out var element); count > 0; count--)
                {
                    Skip(element, depth + 1);
                }

                break;
            default:
                // The library goes astray in structs that it does not know.
                throw new InvalidDataException("a field of an unknown type");
        }
    }

    private bool NextField(ref int id, out int type)
    {
        var header = Take(1)[0];
        type = header & 15;
        if (header == 0)
        {
            return false;
        }

        id = (short)(header >> 4 == 0 ? Signed() : id + (header >> 4));
        return true;
    }

    private int ListCount(out int element)
    {
        var header = Take(1)[0];
        element = header & 15;
        var count = header >> 4 == 15 ? Varint() : (ulong)(header >> 4);

        // Each element takes a byte at least.
        return count <= (ulong)(_bytes.Length - Length) ? (int)count : throw new EndOfStreamException();
    }

    private long Signed()
    {
        var number = Varint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private ulong Varint()
    {
        const int MostBits = 64;
        ulong number = 0;
        for (var shift = 0; shift < MostBits; shift += 7)
        {
            var next = Take(1)[0];
            number |= (ulong)(next & 127) << shift;
            if (next < 128)
            {
                return number;
            }
        }

        throw new InvalidDataException("a number of too many bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _bytes.Length - Length)
        {
            throw new EndOfStreamException();
        }

        var taken = _bytes.Slice(Length, count);
        Length += count;
        return taken;
    }
}
