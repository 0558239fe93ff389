using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The public constructors of a class whose parameters are its properties or fields too, the one with most parameters
/// first.
/// </summary>
internal sealed class SavedConstructors
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // A trimmed program keeps all of it, and so what its bases have.
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    private readonly Type _type;
    private readonly Lazy<Candidate[]> _candidates;

    public SavedConstructors([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type)
    {
        _type = type;
        _candidates = new(Candidates);
    }

    /// <summary>Stops where there is no such constructor.</summary>
    public void CheckAny()
    {
        if (_type.IsAbstract || _candidates.Value.Length == 0)
        {
            throw new ArgumentException(
                $"SavedPieces: expected {_type.Name} to have a public constructor whose parameters are properties "
                + "or fields of the same names, "
                + $"got {(Missing() is { } name ? $"none for '{name}'" : "none")}; keep it, "
                + "or register functions that write and read.");
        }
    }

    /// <summary>Adds the arguments of the first constructor that takes the values that the piece has.</summary>
    public void Write(object piece, PieceWriter to)
    {
        CheckAny();
        var candidate = _candidates.Value.FirstOrDefault(candidate => candidate.Takes(piece))
            ?? throw new ArgumentException(
                $"SavedPieces: expected {_type.Name} to hold what a public constructor takes, "
                + "got null or another type for a parameter; "
                + "register functions that write and read it.");
        foreach (var argument in candidate.Arguments)
        {
            to.Add(argument.Name, argument.Value(piece));
        }
    }

    /// <summary>Calls the constructor whose arguments these are.</summary>
    public object Create(PieceReader from)
    {
        var names = from.Names.ToHashSet();
        var candidate = _candidates.Value.FirstOrDefault(
            candidate => names.SetEquals(candidate.Arguments.Select(argument => argument.Name)))
            ?? throw new ArgumentException(
                $"{_type.Name}: expected the arguments of one of its constructors, got ({string.Join(", ", names)}); "
                + "it was written by another version.");
        return candidate.Create(from);
    }

    private Candidate[] Candidates() =>
    [
        .. _type.GetConstructors().Select(constructor => Candidate.Of(_type, constructor)).OfType<Candidate>()
            .OrderByDescending(candidate => candidate.Arguments.Length),
    ];

    private string? Missing() =>
        _type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length)
            .SelectMany(constructor => constructor.GetParameters())
            .FirstOrDefault(parameter => parameter.ParameterType != typeof(Generator)
                && Member(_type, parameter.Name!) is null)?.Name;

    /// <summary>The property or field of a name, up to case and a leading underscore.</summary>
    private static MemberInfo? Member(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type? type, string name)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            var property = type.GetProperties(Own).FirstOrDefault(
                property => property.GetIndexParameters().Length == 0 && property.CanRead && IsSame(property.Name));
            if (property is not null)
            {
                return property;
            }

            if (type.GetFields(Own).FirstOrDefault(field => IsSame(field.Name)) is { } field)
            {
                return field;
            }
        }

        return null;

        bool IsSame(string member) => member.TrimStart('_').Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A parameter and the member that keeps its value.</summary>
    private sealed record Argument(string Name, Type Type, bool MayBeNull, MemberInfo Member)
    {
        /// <summary>What stands for no value.</summary>
        /// <exception cref="ArgumentException">There must be one.</exception>
        public object? Nothing() =>
            MayBeNull ? null : throw new ArgumentException($"expected a value for '{Name}', got none");

        public object? Value(object piece) => Member is PropertyInfo property
            ? property.GetValue(piece, BindingFlags.DoNotWrapExceptions, null, null, null)
            : ((FieldInfo)Member).GetValue(piece);

        public bool Takes(object? value) => value is null ? MayBeNull : SavedValue.Fits(value, Type);
    }

    private sealed record Candidate(ConstructorInfo Constructor, Argument?[] Parameters)
    {
        public Argument[] Arguments { get; } = [.. Parameters.OfType<Argument>()];

        public static Candidate? Of(
            [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type, ConstructorInfo constructor)
        {
            var nullability = new NullabilityInfoContext();
            var arguments = new List<Argument?>();
            foreach (var parameter in constructor.GetParameters())
            {
                if (parameter.ParameterType == typeof(Generator))
                {
                    arguments.Add(null);
                }
                else if (parameter.ParameterType != type && Member(type, parameter.Name!) is { } member)
                {
                    var mayBeNull = parameter.ParameterType.IsValueType
                        ? Nullable.GetUnderlyingType(parameter.ParameterType) is not null
                        : nullability.Create(parameter).WriteState == NullabilityState.Nullable;
                    arguments.Add(new(parameter.Name!, parameter.ParameterType, mayBeNull, member));
                }
                else
                {
                    return null;
                }
            }

            return new(constructor, [.. arguments]);
        }

        public bool Takes(object piece) => Arguments.All(argument => argument.Takes(argument.Value(piece)));

        public object Create(PieceReader from) => Constructor.Invoke(
            BindingFlags.DoNotWrapExceptions,
            null,
            [.. Parameters.Select(
                argument => argument is null ? from.Generator
                    : from.Get(argument.Name, argument.Type) ?? argument.Nothing())],
            null);
    }
}
