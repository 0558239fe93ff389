using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What a <see cref="MadePass"/> knows of its features and its hidden units, which are sorted by degree.</summary>
internal abstract class MadeState : IDisposable
{
    /// <summary>Takes a feature in.</summary>
    /// <param name="feature">Which.</param>
    /// <param name="values">Its value for every item, as many elements in all.</param>
    public abstract void Set(int feature, Tensor values);

    /// <summary>Computes the units that hear the known features and nothing else, in every layer.</summary>
    /// <param name="known">How many features are known.</param>
    /// <param name="from">The first of the units.</param>
    /// <param name="count">How many there are.</param>
    public abstract void Advance(int known, int from, int count);

    /// <summary>Evaluates one row of the last layer.</summary>
    /// <param name="row">Which.</param>
    /// <param name="reach">How many units it hears.</param>
    /// <param name="shape">The shape that comes out, an element for each item.</param>
    /// <returns>A fresh tensor.</returns>
    public abstract Tensor Evaluate(int row, int reach, long[] shape);

    /// <inheritdoc/>
    public abstract void Dispose();
}
