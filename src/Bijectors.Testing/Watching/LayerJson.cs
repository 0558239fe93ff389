using System.Text.Json.Serialization;

namespace Bijectors.Testing;

/// <summary>Looks as JSON, with infinity and NaN.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(LayerLook))]
internal sealed partial class LayerJson : JsonSerializerContext;
