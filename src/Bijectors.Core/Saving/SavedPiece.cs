namespace Bijectors;

/// <summary>A class that a file may name, and how its arguments are written and read.</summary>
/// <param name="Name">The name in files.</param>
/// <param name="Type">The class.</param>
/// <param name="Write">Adds its arguments.</param>
/// <param name="Read">Makes a piece of arguments.</param>
internal sealed record SavedPiece(
    string Name, Type Type, Action<object, PieceWriter> Write, Func<PieceReader, object> Read)
{
    private Action Check { get; init; } = () => { };

    /// <summary>A class with functions of its own.</summary>
    public static SavedPiece Of<T>(string name, Action<T, PieceWriter> write, Func<PieceReader, T> read)
        where T : class => new(name, typeof(T), (piece, to) => write((T)piece, to), read);

    /// <summary>A class that is written by its constructor.</summary>
    public static SavedPiece ByConstructor(string name, Type type)
    {
        var constructors = new Lazy<SavedConstructors>(() => new(type));
        return new(
            name, type, (piece, to) => constructors.Value.Write(piece, to), from => constructors.Value.Create(from))
        {
            Check = () => constructors.Value.CheckAny(),
        };
    }

    /// <summary>This, if it can be written.</summary>
    /// <exception cref="ArgumentException">It has no constructor whose parameters are members.</exception>
    public SavedPiece Checked()
    {
        Check();
        return this;
    }
}
