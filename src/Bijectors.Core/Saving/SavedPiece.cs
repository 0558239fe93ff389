using System.Diagnostics.CodeAnalysis;
using System.Reflection;

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
    public static SavedPiece ByConstructor(
        string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type)
    {
        var constructors = new SavedConstructors(type);
        return new(name, type, constructors.Write, constructors.Create) { Check = constructors.CheckAny };
    }

    /// <summary>A record that is written by the properties that may be set when it is made; those that a file has not
    /// stay as they are by default.</summary>
    public static SavedPiece ByProperties(
        string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type)
    {
        var constructor = type.GetConstructor(Type.EmptyTypes)!;
        PropertyInfo[] properties = [.. type.GetProperties().Where(property => property.CanWrite)];
        return new(
            name, type,
            (piece, to) =>
            {
                foreach (var property in properties)
                {
                    to.Add(Argument(property), property.GetValue(piece));
                }
            },
            from =>
            {
                var piece = constructor.Invoke(null);
                var given = from.Names.ToHashSet();
                foreach (var property in properties.Where(property => given.Contains(Argument(property))))
                {
                    property.SetValue(piece, from.Get(Argument(property), property.PropertyType));
                }

                return piece;
            });

        static string Argument(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
    }

    /// <summary>This, if it can be written.</summary>
    /// <exception cref="ArgumentException">It has no constructor whose parameters are members.</exception>
    public SavedPiece Checked()
    {
        Check();
        return this;
    }
}
