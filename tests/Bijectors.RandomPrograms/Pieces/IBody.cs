using static TorchSharp.torch;

namespace Bijectors.RandomPrograms;

/// <summary>A drawn program whose forward map can also be run as the plain C# method it was written as.</summary>
public interface IBody
{
    /// <summary>What the [Forward] method itself gives.</summary>
    Tensor Body(Tensor x, Tensor? context);
}
