using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Fuzz;

/// <summary>Changes of a tree of JSON: values of other kinds; members that are gone, swapped or nested.</summary>
internal static class JsonMutation
{
    private const int MostChanges = 3;
    private const int Deepest = 300;
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 10 * Deepest };
    private static readonly JsonSerializerOptions s_written = new() { MaxDepth = 10 * Deepest };

    /// <summary>A text of JSON, changed.</summary>
    public static string Of(string json, Random random)
    {
        if (random.Next(6) == 0)
        {
            return TextMutation.Of(json, random);
        }

        var root = new JsonArray(JsonNode.Parse(json, null, s_deep));
        for (var i = random.Next(1, MostChanges + 1); i > 0; i--)
        {
            Change(root, random);
        }

        return root[0]?.ToJsonString(s_written) ?? "null";
    }

    private static void Change(JsonArray root, Random random)
    {
        var all = Places(root).ToList();
        var (put, node, remove) = all[random.Next(all.Count)];
        switch (random.Next(6))
        {
            case 0:
                remove();
                break;
            case 1:
                put(all[random.Next(all.Count)].Node?.DeepClone());
                break;
            case 2:
                put(Nested(node, random.Next(1, Deepest)));
                break;
            default:
                put(Odd(random));
                break;
        }
    }

    private static JsonNode? Odd(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(TextMutation.Odd(random)),
        3 => new JsonArray(),
        4 => new JsonObject(),
        5 => JsonValue.Create(random.NextDouble() * 1e300),
        6 => JsonValue.Create(-random.Next(100) / 7.0),
        _ => JsonValue.Create(Numbers.Value(random)),
    };

    private static JsonNode? Nested(JsonNode? node, int depth)
    {
        var nested = node?.DeepClone();
        for (var i = 0; i < depth; i++)
        {
            nested = new JsonArray(nested);
        }

        return nested;
    }

    private static void Remove(JsonArray array, int at)
    {
        if (array.Parent is not null)
        {
            array.RemoveAt(at);
        }
    }

    private static IEnumerable<(Action<JsonNode?> Put, JsonNode? Node, Action Remove)> Places(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                var at = i;
                // What holds the root stays as long as it is.
                yield return (value => array[at] = value, array[at], () => Remove(array, at));
                foreach (var inner in Places(array[at]))
                {
                    yield return inner;
                }
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                yield return (put => members[name] = put, value, () => members.Remove(name));
                foreach (var inner in Places(value))
                {
                    yield return inner;
                }
            }
        }
    }
}
