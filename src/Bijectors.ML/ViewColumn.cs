using System.Numerics;
using Bijectors.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Bijectors.ML;

/// <summary>Reads one column of a data view, row by row.</summary>
/// <param name="Read">Takes the value of the row under the cursor.</param>
/// <param name="ToSeries">What was taken, a column for each slot.</param>
internal sealed record ViewColumn(Action Read, Func<IEnumerable<TableSeries>> ToSeries)
{
    private const string KeyValues = "KeyValues";
    private const string SlotNames = "SlotNames";
    private const int MostSlots = 10_000;

    /// <summary>A column by its type.</summary>
    /// <exception cref="DataException">It holds neither numbers nor texts.</exception>
    public static ViewColumn Of(DataViewSchema.Column column, DataViewRow row) => column.Type switch
    {
        TextDataViewType => Texts(column, row),
        BooleanDataViewType => Scalar<bool>(column, row, truth => truth ? 1 : 0),
        KeyDataViewType key => Key(column, key, row),
        NumberDataViewType number => Number(column, number, row),
        VectorDataViewType { IsKnownSize: true, Size: <= MostSlots } vector => Vector(column, vector, row),
        _ => throw Refused(column),
    };

    private static ViewColumn Number(DataViewSchema.Column column, NumberDataViewType type, DataViewRow row) =>
        Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.Single => Scalar<float>(column, row, value => value),
            TypeCode.Double => Scalar<double>(column, row, value => value),
            TypeCode.SByte => Scalar<sbyte>(column, row, value => value),
            TypeCode.Byte => Scalar<byte>(column, row, value => value),
            TypeCode.Int16 => Scalar<short>(column, row, value => value),
            TypeCode.UInt16 => Scalar<ushort>(column, row, value => value),
            TypeCode.Int32 => Scalar<int>(column, row, value => value),
            TypeCode.UInt32 => Scalar<uint>(column, row, value => value),
            TypeCode.Int64 => Scalar<long>(column, row, value => value),
            TypeCode.UInt64 => Scalar<ulong>(column, row, value => value),
            _ => throw Refused(column),
        };

    private static ViewColumn Scalar<T>(DataViewSchema.Column column, DataViewRow row, Func<T, double> number)
    {
        var (get, numbers) = (row.GetGetter<T>(column), new List<double>());
        return new(
            () =>
            {
                T value = default!;
                get(ref value);
                numbers.Add(number(value));
            },
            () => [new TableSeries(column.Name, numbers)]);
    }

    private static ViewColumn Texts(DataViewSchema.Column column, DataViewRow row)
    {
        var (get, texts) = (row.GetGetter<ReadOnlyMemory<char>>(column), new List<string?>());
        return new(
            () =>
            {
                ReadOnlyMemory<char> value = default;
                get(ref value);
                texts.Add(value.IsEmpty ? null : value.ToString());
            },
            () => [new TableSeries(column.Name, texts)]);
    }

    private static ViewColumn Key(DataViewSchema.Column column, KeyDataViewType key, DataViewRow row) =>
        Type.GetTypeCode(key.RawType) switch
        {
            TypeCode.Byte => Key<byte>(column, row),
            TypeCode.UInt16 => Key<ushort>(column, row),
            TypeCode.UInt32 => Key<uint>(column, row),
            TypeCode.UInt64 => Key<ulong>(column, row),
            _ => throw Refused(column),
        };

    /// <summary>A key is 0 where it is missing, and else counts from 1.</summary>
    private static ViewColumn Key<T>(DataViewSchema.Column column, DataViewRow row)
        where T : struct, INumber<T>
    {
        var annotation = column.Annotations.Schema.GetColumnOrNull(KeyValues);
        if (annotation?.Type is not VectorDataViewType { ItemType: TextDataViewType })
        {
            return Scalar<T>(column, row, value => T.IsZero(value) ? double.NaN : double.CreateChecked(value));
        }

        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(KeyValues, ref values);
        string[] names = [.. values.DenseValues().Select(name => name.ToString())];
        var (get, texts) = (row.GetGetter<T>(column), new List<string?>());
        return new(
            () =>
            {
                T value = default;
                get(ref value);
                var place = int.CreateChecked(value);
                texts.Add(place == 0 ? null : names[place - 1]);
            },
            () => [new TableSeries(column.Name, texts)]);
    }

    private static ViewColumn Vector(DataViewSchema.Column column, VectorDataViewType type, DataViewRow row) =>
        type.ItemType.RawType == typeof(float) && type.ItemType is NumberDataViewType
            ? Vector<float>(column, type.Size, row)
        : type.ItemType.RawType == typeof(double) && type.ItemType is NumberDataViewType
            ? Vector<double>(column, type.Size, row)
        : throw Refused(column);

    private static ViewColumn Vector<T>(DataViewSchema.Column column, int size, DataViewRow row)
        where T : struct, INumber<T>
    {
        var (get, slots, dense) = (
            row.GetGetter<VBuffer<T>>(column), Enumerable.Range(0, size).Select(_ => new List<double>()).ToList(),
            new T[size]);
        VBuffer<T> value = default;
        return new(
            () =>
            {
                get(ref value);
                value.CopyTo(dense);
                for (var slot = 0; slot < size; slot++)
                {
                    slots[slot].Add(double.CreateChecked(dense[slot]));
                }
            },
            () => slots.Zip(Slots(column, size)).Select(pair => new TableSeries(pair.Second, pair.First)));
    }

    /// <summary>The names of the slots of a vector, where it gives each one of its own; numbers else.</summary>
    private static IReadOnlyList<string> Slots(DataViewSchema.Column column, int size)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.Annotations.Schema.GetColumnOrNull(SlotNames)
            is { Type: VectorDataViewType { ItemType: TextDataViewType } })
        {
            column.Annotations.GetValue(SlotNames, ref names);
        }

        string[] all = [.. names.DenseValues().Select(name => name.ToString()).Where(name => name.Length > 0)];
        return all.Length == size && all.Distinct().Count() == size
            ? [.. all.Select(name => $"{column.Name}.{name}")]
            : [.. Enumerable.Range(0, size).Select(slot => FormattableString.Invariant($"{column.Name}.{slot}"))];
    }

    private static DataException Refused(DataViewSchema.Column column) => new(
        "IDataView", $"numbers, texts or a vector of numbers in column '{column.Name}'", $"{column.Type}",
        "leave the column out: name the others");
}
