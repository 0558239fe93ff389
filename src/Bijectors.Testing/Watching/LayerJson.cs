using System.Text.Json.Serialization;

namespace Bijectors.Testing;

/// <summary>Snapshots as JSON, with infinity and NaN.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(LayerSnapshot))]
internal sealed partial class LayerJson : JsonSerializerContext;
