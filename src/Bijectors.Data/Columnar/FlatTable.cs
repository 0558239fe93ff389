using System.Buffers.Binary;

namespace Bijectors.Data;

/// <summary>
/// A table of a FlatBuffers message, of which each place is looked up within bounds: what does not lie in the message
/// throws. Source: FlatBuffers Internals, flatbuffers.dev.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="at">Where the table begins.</param>
internal readonly ref struct FlatTable(ReadOnlySpan<byte> message, int at)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private readonly int _at = at;

    /// <summary>The table that a message begins with.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> message) => new(message, Follow(message, 0));

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => Place(field) != 0;

    /// <summary>A field of one byte; 0 where it is missing.</summary>
    public byte Byte(int field) => Place(field) is not 0 and var place ? _message[place] : (byte)0;

    /// <summary>A field of eight bytes; 0 where it is missing.</summary>
    public long Int64(int field) => Place(field) is not 0 and var place
        ? BinaryPrimitives.ReadInt64LittleEndian(_message[place..]) : 0;

    /// <summary>A field that is a table.</summary>
    public FlatTable Table(int field) => new(_message, Follow(_message, Place(field)));

    /// <summary>The bytes of the elements of a vector or a text; none where it is missing.</summary>
    /// <param name="field">The field.</param>
    /// <param name="size">The size of an element.</param>
    public ReadOnlySpan<byte> Vector(int field, int size)
    {
        var (start, count) = Elements(field);
        return _message.Slice(start, checked(count * size));
    }

    /// <summary>How many tables a vector holds.</summary>
    public int Count(int field) => Vector(field, sizeof(int)).Length / sizeof(int);

    /// <summary>A table of a vector of tables.</summary>
    public FlatTable Table(int field, int index) =>
        new(_message, Follow(_message, Elements(field).Start + (index * sizeof(int))));

    private (int Start, int Count) Elements(int field)
    {
        if (Place(field) is 0)
        {
            return (0, 0);
        }

        var start = Follow(_message, Place(field));
        return (start + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(_message[start..]));
    }

    /// <summary>Where a field lies; 0 where it is missing.</summary>
    private int Place(int field)
    {
        var entries = checked(_at - BinaryPrimitives.ReadInt32LittleEndian(_message[_at..]));
        var entry = (2 + field) * sizeof(ushort);
        if (entry + sizeof(ushort) > BinaryPrimitives.ReadUInt16LittleEndian(_message[entries..]))
        {
            return 0;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(_message[(entries + entry)..]);
        return offset == 0 ? 0 : _at + offset;
    }

    private static int Follow(ReadOnlySpan<byte> message, int place) =>
        checked(place + (int)BinaryPrimitives.ReadUInt32LittleEndian(message[place..]));
}
