using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Where one tensor lies in a file.</summary>
internal sealed record SafeTensorsEntry(string Name, ScalarType Dtype, long[] Shape, long Begin, long End);
