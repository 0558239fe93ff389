using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>
/// Looks at the messages of an Arrow stream before the library does, which trusts the sizes in them: it asks for as
/// much memory as they say. Source: Arrow Columnar Format, Message.fbs and Schema.fbs.
/// </summary>
/// <param name="whose">The file, for messages.</param>
/// <param name="most">How many bytes it may unpack to.</param>
internal sealed class ArrowMessages(string whose, long most)
{
    private const int Continuation = -1;
    private const int MostFields = 100_000;
    private const int DeepestField = 64;
    private const int Struct = 16;
    private const byte IsSchema = 1;
    private const byte IsDictionary = 2;
    private const byte IsBatch = 3;
    private const byte IsUnion = 14;

    private long _fields;
    private long _bytes;

    /// <summary>Goes through all messages.</summary>
    /// <exception cref="DataException">They ask for more than is allowed.</exception>
    /// <exception cref="Exception">They do not lie in the stream; of which type is up to chance.</exception>
    public void Check(ReadOnlySpan<byte> stream)
    {
        var isFirst = true;
        while (stream.Length > sizeof(int) && Length(ref stream) is var length && length != 0)
        {
            var message = FlatTable.Root(stream[..length]);
            var kind = message.Byte(1);
            var body = checked((int)message.Int64(3));

            // The library looks for the next message behind a schema without asking for the size of its body.
            if (isFirst != (kind == IsSchema) || (isFirst && body != 0))
            {
                throw new InvalidDataException("no schema at the beginning");
            }

            Check(kind, message, stream.Slice(length, body));
            stream = stream[(length + body)..];
            isFirst = false;
        }

        if (isFirst)
        {
            throw new InvalidDataException("no schema");
        }
    }

    private static int Length(ref ReadOnlySpan<byte> stream)
    {
        var length = Next(ref stream);
        return length == Continuation ? Next(ref stream) : length;
    }

    private static int Next(ref ReadOnlySpan<byte> stream)
    {
        var number = BinaryPrimitives.ReadInt32LittleEndian(stream);
        stream = stream[sizeof(int)..];
        return number;
    }

    private void Check(byte kind, FlatTable message, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case IsSchema:
                var schema = message.Table(2);
                CheckFields(schema, 1, 0);
                CheckTexts(schema, 2);
                break;
            case IsDictionary:
                CheckBatch(message.Table(2).Table(1), body);
                break;
            case IsBatch:
                CheckBatch(message.Table(2), body);
                break;
            default:
                break;
        }
    }

    private void CheckFields(FlatTable parent, int vector, int depth)
    {
        var count = parent.Count(vector);
        Count(count, 0);
        if (depth > DeepestField)
        {
            throw new DataException(whose, $"columns nested at most {DeepestField} deep", "deeper ones");
        }

        for (var i = 0; i < count; i++)
        {
            var field = parent.Table(vector, i);
            Count(0, field.Vector(0, 1).Length);
            CheckTexts(field, 6);
            CheckFields(field, 5, depth + 1);
            if (field.Byte(2) == IsUnion)
            {
                field.Table(3).Vector(1, sizeof(int));
            }
        }
    }

    /// <summary>The texts that explain a schema or a field.</summary>
    private void CheckTexts(FlatTable parent, int vector)
    {
        var count = parent.Count(vector);
        Count(count, 0);
        for (var i = 0; i < count; i++)
        {
            var pair = parent.Table(vector, i);
            Count(0, pair.Vector(0, 1).Length + pair.Vector(1, 1).Length);
        }
    }

    private void CheckBatch(FlatTable batch, ReadOnlySpan<byte> body)
    {
        batch.Vector(1, Struct);
        var buffers = batch.Vector(2, Struct);
        var more = batch.Vector(4, sizeof(long));
        for (long sum = 0; more.Length > 0; more = more[sizeof(long)..])
        {
            sum = checked(sum + BinaryPrimitives.ReadInt64LittleEndian(more));
            if (sum < 0 || sum > buffers.Length / Struct)
            {
                throw new InvalidDataException("more buffers than there are");
            }
        }

        if (!batch.Has(3))
        {
            return;
        }

        // Each buffer begins with the size that it unpacks to.
        for (; buffers.Length > 0; buffers = buffers[Struct..])
        {
            var (at, length) = (
                BinaryPrimitives.ReadInt64LittleEndian(buffers),
                BinaryPrimitives.ReadInt64LittleEndian(buffers[sizeof(long)..]));
            if (length > 0)
            {
                var size = BinaryPrimitives.ReadInt64LittleEndian(body[checked((int)at)..]);
                Count(0, size == Continuation ? length : size);
            }
        }
    }

    private void Count(int fields, long bytes)
    {
        _fields += fields;
        _bytes = checked(_bytes + bytes);
        if (bytes < 0 || _bytes > most)
        {
            throw PackedFile.TooLarge(whose, most);
        }

        if (_fields > MostFields)
        {
            throw new DataException(whose, $"at most {MostFields} columns and notes on them", "more");
        }
    }
}
