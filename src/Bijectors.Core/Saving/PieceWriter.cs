using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Takes the arguments of a piece that is saved, see <see cref="SavedPieces"/>.</summary>
public sealed class PieceWriter
{
    /// <summary>The name of the class.</summary>
    internal const string Kind = "$type";

    /// <summary>The number of a piece that occurs again.</summary>
    internal const string Id = "$id";

    /// <summary>The number of the piece that stands here again.</summary>
    internal const string Same = "$ref";

    /// <summary>The name of a tensor of the file.</summary>
    internal const string Tensor = "$tensor";

    /// <summary>What the names of tensors begin with that belong to no module.</summary>
    internal const string Constants = "constants.";

    private readonly JsonObject _arguments;
    private readonly Shared _shared;

    private PieceWriter(JsonObject arguments, Shared shared) => (_arguments, _shared) = (arguments, shared);

    /// <summary>Adds an argument.</summary>
    /// <param name="name">What it is read by; it does not begin with <c>$</c>.</param>
    /// <param name="value">A truth value, number, text, enumeration value, shape, tensor, piece, list of these,
    /// or null.</param>
    /// <exception cref="ArgumentException">The name is there already, or the value is of another kind or of a class
    /// that is not registered.</exception>
    public void Add(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] == '$' || _arguments.ContainsKey(name))
        {
            throw new ArgumentException(
                $"PieceWriter: expected a new name that does not begin with $, got '{name}'.", nameof(name));
        }

        _arguments.Add(name, _shared.Node(value));
    }

    /// <summary>A piece as JSON, and the tensors that the JSON names besides those of the state dictionary.</summary>
    /// <param name="piece">A module.</param>
    /// <exception cref="ArgumentException">A class inside is not registered.</exception>
    internal static (JsonObject Declaration, IReadOnlyDictionary<string, Tensor> Constants) Write(nn.Module piece)
    {
        var shared = new Shared(piece);
        return (shared.Piece(piece), shared.Constants);
    }

    /// <summary>What all writers of one file have in common.</summary>
    private sealed class Shared(nn.Module root)
    {
        // A tensor of the state dictionary is named, not written again.
        private readonly Dictionary<IntPtr, string> _names = Names(root);
        private readonly Dictionary<nn.Module, JsonObject> _written = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<string, Tensor> _constants = [];
        private int _ids;

        public IReadOnlyDictionary<string, Tensor> Constants => _constants;

        public JsonNode? Node(object? value) => value switch
        {
            null => null,
            bool truth => JsonValue.Create(truth),
            int number => JsonValue.Create(number),
            long number => JsonValue.Create(number),
            double number => double.IsFinite(number)
                ? JsonValue.Create(number)
                : JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
            string text => JsonValue.Create(text),
            Enum constant => JsonValue.Create(constant.ToString()),
            Shape shape => new JsonArray([.. shape.ToArray().Select(size => JsonValue.Create(size))]),
            Tensor tensor => new JsonObject { [PieceWriter.Tensor] = Named(tensor) },
            _ when SavedPieces.Find(value.GetType()) is not null => Piece(value),
            IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Node)]),
            _ => throw new ArgumentException(
                $"Saving: expected pieces of registered classes, got {value.GetType().FullName}; "
                + "call SavedPieces.Register for it."),
        };

        public JsonObject Piece(object piece)
        {
            if (piece is nn.Module module && _written.TryGetValue(module, out var before))
            {
                before[Id] ??= _ids++;
                return new JsonObject { [Same] = before[Id]!.DeepClone() };
            }

            var kind = SavedPieces.Find(piece.GetType())
                ?? throw new ArgumentException(
                    $"Saving: expected pieces of registered classes, got {piece.GetType().FullName}; "
                    + "call SavedPieces.Register for it.");
            var node = new JsonObject { [Kind] = kind.Name };
            kind.Write(piece, new PieceWriter(node, this));
            if (piece is nn.Module whole)
            {
                _written.Add(whole, node);
            }

            return node;
        }

        private static Dictionary<IntPtr, string> Names(nn.Module root)
        {
            var names = new Dictionary<IntPtr, string>();
            foreach (var (name, tensor) in root.state_dict())
            {
                names.TryAdd(tensor.Handle, name);
            }

            return names;
        }

        private string Named(Tensor tensor)
        {
            if (!_names.TryGetValue(tensor.Handle, out var name))
            {
                name = $"{PieceWriter.Constants}{_constants.Count}";
                _names.Add(tensor.Handle, name);
                _constants.Add(name, tensor);
            }

            return name;
        }
    }
}
