using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Which values a parameter takes once they have been written and read.</summary>
internal static class SavedValue
{
    // What an array is too.
    private static readonly Type[] Lists =
    [
        typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>), typeof(IList<>),
        typeof(ICollection<>),
    ];

    /// <summary>
    /// Whether a value can be handed to a parameter: as it is, or as the list of its numbers or elements.
    /// </summary>
    public static bool Fits(object value, Type parameter) =>
        parameter.IsInstanceOfType(value)
        || (Element(parameter) is { } element
            && (value is Tensor || (value is IEnumerable items && items.Cast<object>().All(element.IsInstanceOfType))));

    /// <summary>The type of the elements of a list that an array may stand for; null for any other type.</summary>
    public static Type? Element(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        }

        return type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition())
            ? type.GetGenericArguments()[0]
            : null;
    }

    /// <summary>The numbers of an index tensor, where those are asked for.</summary>
    public static bool TryNumbers(Tensor tensor, Type element, [NotNullWhen(true)] out object? numbers)
    {
        numbers = null;
        if (tensor.dim() != 1)
        {
            return false;
        }

        if (tensor.dtype == ScalarType.Int64 && element == typeof(long))
        {
            numbers = tensor.data<long>().ToArray();
        }
        else if (tensor.dtype == ScalarType.Int64 && element == typeof(int))
        {
            numbers = tensor.data<long>().ToArray().Select(number => checked((int)number)).ToArray();
        }

        return numbers is not null;
    }
}
