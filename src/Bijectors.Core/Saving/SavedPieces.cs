using System.Diagnostics.CodeAnalysis;

namespace Bijectors;

/// <summary>
/// The kinds of pieces that a file of a flow may name: all bijectors, networks, distributions and steps of this
/// library, and those that are registered here. Loading makes nothing else.
/// </summary>
/// <remarks>
/// A piece is written as its name and the arguments of its constructor; its weights stand beside it in the file under
/// the names of the state dictionary. Arguments are truth values, numbers, texts, enumeration values, shapes, tensors,
/// other pieces, lists of these, and null.
/// </remarks>
public static class SavedPieces
{
    private static readonly object Gate = new();
    private static readonly Dictionary<string, SavedPiece> ByName = new(StringComparer.Ordinal);
    private static readonly Dictionary<Type, SavedPiece> ByType = [];

    static SavedPieces()
    {
        foreach (var piece in OwnPieces.All)
        {
            Add(piece);
        }
    }

    /// <summary>
    /// Registers a class that is written by its constructor: every parameter of a public constructor is also a property
    /// or a field, of any accessibility, with the same name up to case and a leading underscore. A <c>Generator</c>
    /// need not be kept; what is drawn from it is replaced by the weights in the file.
    /// </summary>
    /// <param name="name">The name in files, another one than those of this library; with a prefix of one's own it
    /// stays free.</param>
    /// <typeparam name="T">The class.</typeparam>
    /// <exception cref="ArgumentException">There is no such constructor, or the name or the class is registered
    /// already.</exception>
    public static void Register<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string name)
        where T : class => Add(SavedPiece.ByConstructor(name, typeof(T)).Checked());

    /// <summary>Registers a class with functions that write and read its arguments.</summary>
    /// <param name="name">The name in files, another one than those of this library.</param>
    /// <param name="write">Adds the arguments that <paramref name="read"/> asks for.</param>
    /// <param name="read">Makes a piece of the same shape; its parameters and buffers are filled afterwards.</param>
    /// <typeparam name="T">The class.</typeparam>
    /// <exception cref="ArgumentException">The name or the class is registered already.</exception>
    public static void Register<T>(string name, Action<T, PieceWriter> write, Func<PieceReader, T> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        Add(SavedPiece.Of(name, write, read));
    }

    /// <summary>What is known of a class; null where it is not registered.</summary>
    internal static SavedPiece? Find(Type type)
    {
        lock (Gate)
        {
            return ByType.GetValueOrDefault(type);
        }
    }

    /// <summary>What is known of a name; null where it is not registered.</summary>
    internal static SavedPiece? Find(string name)
    {
        lock (Gate)
        {
            return ByName.GetValueOrDefault(name);
        }
    }

    private static void Add(SavedPiece piece)
    {
        ArgumentException.ThrowIfNullOrEmpty(piece.Name);
        lock (Gate)
        {
            if (ByType.TryGetValue(piece.Type, out var known))
            {
                throw new ArgumentException(
                    $"SavedPieces: expected a class that is not registered, got {piece.Type.Name}, "
                    + $"which is '{known.Name}' in files.");
            }

            if (ByName.TryGetValue(piece.Name, out var other))
            {
                throw new ArgumentException(
                    $"SavedPieces: expected a name that is free, got '{piece.Name}', which is {other.Type.FullName}; "
                    + "put a prefix in front.");
            }

            ByName.Add(piece.Name, piece);
            ByType.Add(piece.Type, piece);
        }
    }
}
