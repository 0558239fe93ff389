using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Gives the arguments of a piece that is loaded, see <see cref="SavedPieces"/>.</summary>
public sealed class PieceReader
{
    private readonly JsonElement _arguments;
    private readonly Shared _shared;

    private PieceReader(JsonElement arguments, Shared shared) => (_arguments, _shared) = (arguments, shared);

    /// <summary>
    /// A generator for constructors that draw their initial weights; the weights of the file replace them.
    /// </summary>
    public Generator Generator => _shared.Generator;

    /// <summary>The names of the arguments.</summary>
    internal IEnumerable<string> Names =>
        _arguments.EnumerateObject().Select(argument => argument.Name).Where(name => !name.StartsWith('$'));

    /// <summary>An argument.</summary>
    /// <param name="name">The name that it was added by.</param>
    /// <typeparam name="T">What it is read as; arrays stand for lists. A tensor is the caller's.</typeparam>
    /// <exception cref="ArgumentException">There is none of that name, or it is of another kind.</exception>
    public T Get<T>(string name) => Get(name, typeof(T)) is T value
        ? value
        : default(T) is null ? default! : throw new ArgumentException($"expected a value for '{name}', got null");

    /// <summary>An argument that must have a value.</summary>
    /// <inheritdoc cref="Get"/>
    internal T Require<T>(string name)
        where T : class => Get<T?>(name) ?? throw new ArgumentException($"expected a value for '{name}', got none");

    /// <summary>An argument as a type of which only the object is known.</summary>
    internal object? Get(string name, Type type)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _arguments.TryGetProperty(name, out var value)
            ? _shared.Value(name, value, Nullable.GetUnderlyingType(type) ?? type)
            : throw new ArgumentException($"expected an argument '{name}', got none");
    }

    /// <summary>Makes the piece of a declaration.</summary>
    /// <param name="declaration">What <see cref="PieceWriter.Write"/> gave.</param>
    /// <param name="tensors">The tensors that it may name.</param>
    internal static object Read(JsonElement declaration, IReadOnlyDictionary<string, Tensor> tensors) =>
        new Shared(tensors).Piece(declaration);

    /// <summary>What all readers of one file have in common.</summary>
    private sealed class Shared(IReadOnlyDictionary<string, Tensor> tensors)
    {
        private readonly Dictionary<int, object> _shared = [];

        public Generator Generator { get; } = new(0);

        public object Piece(JsonElement node)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            if (node.TryGetProperty(PieceWriter.Same, out var same))
            {
                return _shared.TryGetValue(same.GetInt32(), out var before)
                    ? before
                    : throw new ArgumentException($"expected an earlier piece with id {same}, got none");
            }

            var name = node.TryGetProperty(PieceWriter.Kind, out var kind) ? kind.GetString() ?? "" : "";
            var known = SavedPieces.Find(name)
                ?? throw new ArgumentException(
                    $"expected registered pieces, got '{name}'; call SavedPieces.Register for it before loading");
            var piece = known.Read(new PieceReader(node, this));
            if (node.TryGetProperty(PieceWriter.Id, out var id))
            {
                _shared.Add(id.GetInt32(), piece);
            }

            return piece;
        }

        public object? Value(string name, JsonElement node, Type type)
        {
            var value = node.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => Number(node, type),
                JsonValueKind.String => Text(node.GetString()!, type),
                JsonValueKind.Array => type == typeof(Shape) ? Event(name, node) : List(name, node, type),
                _ when node.TryGetProperty(PieceWriter.Tensor, out var tensor) =>
                    Tensor(tensor.GetString() ?? "", type),
                _ => Piece(node),
            };
            return value is null || type.IsInstanceOfType(value)
                ? value
                : throw new ArgumentException($"expected '{name}' to be a {type.Name}, got {value.GetType().Name}");
        }

        private static object Number(JsonElement node, Type type)
        {
            // As objects of their own type: a conditional expression would make doubles of all of them.
            if (type == typeof(int))
            {
                return node.GetInt32();
            }

            return type == typeof(long) ? (object)node.GetInt64() : node.GetDouble();
        }

        private static object Text(string text, Type type)
        {
            if (type == typeof(double))
            {
                return double.Parse(text, CultureInfo.InvariantCulture);
            }

            return type.IsEnum ? Constant(text, type) : text;
        }

        private static object Constant(string text, Type type) => Enum.IsDefined(type, text)
            ? Enum.Parse(type, text)
            : throw new ArgumentException($"expected one of {string.Join(", ", Enum.GetNames(type))}, got '{text}'");

        private static object Event(string name, JsonElement node)
        {
            var shape = Shape.Of(node.EnumerateArray().Select(size => size.GetInt64()).ToArray());
            return shape.Size <= FlowFile.LargestEvent
                ? shape
                : throw new ArgumentException(
                    $"expected '{name}' to have at most {FlowFile.LargestEvent} entries, got {shape}");
        }

        [UnconditionalSuppressMessage(
            "AOT", "IL3050", Justification = "Arrays of classes and of numbers are in every program.")]
        private Array List(string name, JsonElement node, Type type)
        {
            var element = SavedValue.Element(type)
                ?? throw new ArgumentException($"expected '{name}' to be a {type.Name}, got a list");
            var items = Array.CreateInstance(element, node.GetArrayLength());
            var i = 0;
            foreach (var item in node.EnumerateArray())
            {
                var value = Value(name, item, Nullable.GetUnderlyingType(element) ?? element);
                if (value is null && !element.IsValueType)
                {
                    throw new ArgumentException($"expected '{name}' without empty places, got one at place {i}");
                }

                items.SetValue(value, i++);
            }

            return items;
        }

        private object Tensor(string name, Type type)
        {
            var tensor = tensors.TryGetValue(name, out var found)
                ? found
                : throw new ArgumentException($"expected a tensor {name}, got none of that name");
            return SavedValue.Element(type) is { } element && SavedValue.TryNumbers(tensor, element, out var numbers)
                ? numbers
                : tensor.clone().DetachFromDisposeScope();
        }
    }
}
