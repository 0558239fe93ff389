using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Bijectors.Data;

/// <summary>The values of Arrow arrays as numbers or texts.</summary>
internal static class ArrowValues
{
    /// <summary>What is made of a type.</summary>
    public static ColumnarKind Kind(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Boolean
            or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
            or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64
            or ArrowTypeId.HalfFloat or ArrowTypeId.Float or ArrowTypeId.Double
            or ArrowTypeId.Decimal32 or ArrowTypeId.Decimal64 or ArrowTypeId.Decimal128 or ArrowTypeId.Decimal256
            => ColumnarKind.Numbers,
        ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView => ColumnarKind.Texts,
        _ => ColumnarKind.Other,
    };

    /// <summary>Adds the rows of an array.</summary>
    /// <exception cref="InvalidDataException">It has another number of them, or a code without a value.</exception>
    public static void Add(IArrowArray array, int rows, ColumnValues into)
    {
        if (array.Length != rows)
        {
            throw new InvalidDataException($"{array.Length} values in a batch of {rows} rows");
        }

        var add = Adder(array, into);
        for (var row = 0; row < rows; row++)
        {
            add(row);
        }
    }

    private static Action<int> Adder(IArrowArray array, ColumnValues into) => array switch
    {
        DictionaryArray coded => Coded(coded, into),
        BooleanArray truths => row => into.Add(truths.GetValue(row)),
        Int8Array numbers => Numbers(numbers, into),
        Int16Array numbers => Numbers(numbers, into),
        Int32Array numbers => Numbers(numbers, into),
        Int64Array numbers => Numbers(numbers, into),
        UInt8Array numbers => Numbers(numbers, into),
        UInt16Array numbers => Numbers(numbers, into),
        UInt32Array numbers => Numbers(numbers, into),
        UInt64Array numbers => Numbers(numbers, into),
        HalfFloatArray numbers => Numbers(numbers, into),
        FloatArray numbers => Numbers(numbers, into),
        DoubleArray numbers => Numbers(numbers, into),
        Decimal32Array numbers => row => into.Add(numbers.GetValue(row)),
        Decimal64Array numbers => row => into.Add(numbers.GetValue(row)),
        Decimal128Array numbers => row => into.Add(numbers.GetValue(row)),
        Decimal256Array numbers => row => into.Add(numbers.GetValue(row)),
        LargeStringArray texts => row => into.Add(ArrowTexts.Of(texts, row)),
        StringArray texts => row => into.Add(ArrowTexts.Of(texts, row)),
        StringViewArray texts => row => into.Add(ArrowTexts.Of(texts, row)),
        _ => throw new InvalidDataException($"values {array.Data.DataType.Name}"),
    };

    private static Action<int> Numbers<T>(PrimitiveArray<T> numbers, ColumnValues into)
        where T : struct, INumber<T>, IEquatable<T> => row => into.Add(numbers.GetValue(row));

    private static Action<int> Coded(DictionaryArray coded, ColumnValues into)
    {
        var add = Adder(coded.Dictionary, into);
        var (code, count, isText) = (
            Code(coded.Indices), coded.Dictionary.Length, Kind(coded.Dictionary.Data.DataType) == ColumnarKind.Texts);
        return row =>
        {
            if (code(row) is { } at)
            {
                add(at >= 0 && at < count
                    ? (int)at : throw new InvalidDataException($"code {at} in a dictionary of {count} values"));
            }
            else if (isText)
            {
                into.Add((string?)null);
            }
            else
            {
                into.Add((double?)null);
            }
        };
    }

    private static Func<int, long?> Code(IArrowArray indices) => indices switch
    {
        Int8Array codes => row => codes.GetValue(row),
        Int16Array codes => row => codes.GetValue(row),
        Int32Array codes => row => codes.GetValue(row),
        Int64Array codes => row => codes.GetValue(row),
        UInt8Array codes => row => codes.GetValue(row),
        UInt16Array codes => row => codes.GetValue(row),
        UInt32Array codes => row => codes.GetValue(row),
        UInt64Array codes => row => codes.GetValue(row) is { } code ? checked((long)code) : null,
        _ => throw new InvalidDataException($"codes {indices.Data.DataType.Name}"),
    };
}
