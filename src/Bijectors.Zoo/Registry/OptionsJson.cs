using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>
/// A model's options as JSON and back, property by property, with messages that name the option. Options are whole
/// numbers, numbers, truth values, constants of enumerations, and lists of lists of whole numbers.
/// </summary>
internal static class OptionsJson
{
    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    public static JsonObject Write(object options, [DynamicallyAccessedMembers(Needed)] Type type) =>
        new(Options(type).Select(
            option => KeyValuePair.Create(Name(option), OptionValue.Write(option.GetValue(options)))));

    public static object Read(
        string whose, object basis, JsonObject changes, [DynamicallyAccessedMembers(Needed)] Type type)
    {
        var json = Write(basis, type);
        foreach (var (name, value) in changes)
        {
            var known = json.FirstOrDefault(row => row.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Key
                ?? throw new ArgumentException(
                    $"{whose}: expected one of the options {string.Join(", ", json.Select(row => row.Key))}, "
                    + $"got '{name}'.");
            var old = json[known]?.ToJsonString() ?? "null";
            json[known] = value?.DeepClone();
            try
            {
                Make(json, type);
            }
            catch (JsonException exception)
            {
                var text = value?.ToJsonString() ?? "null";
                throw new ArgumentException(
                    $"{whose}: expected a value like {old} for the option {known}, got {text}.", exception);
            }
        }

        return Make(json, type);
    }

    /// <summary>A number, truth value or null where the text is one, otherwise the text itself.</summary>
    public static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static object Make(JsonObject json, [DynamicallyAccessedMembers(Needed)] Type type)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var option in Options(type))
        {
            option.SetValue(options, OptionValue.Read(json[Name(option)], option.PropertyType));
        }

        return options;
    }

    private static IEnumerable<PropertyInfo> Options([DynamicallyAccessedMembers(Needed)] Type type) =>
        type.GetProperties().Where(property => property.CanWrite);

    private static string Name(PropertyInfo option) => JsonNamingPolicy.CamelCase.ConvertName(option.Name);
}
