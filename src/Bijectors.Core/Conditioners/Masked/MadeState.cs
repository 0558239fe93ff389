using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What a <see cref="MadePass"/> knows of its features, which stand at the places of their order, and of its
/// hidden units,
/// which are sorted by degree.</summary>
/// <param name="reach">How many hidden units depend on nothing behind the first i features of the order, for i = 0 .. D
/// - 1:
/// those are a prefix.</param>
internal abstract class MadeState(int[] reach) : IDisposable
{
    /// <summary>The number D of features.</summary>
    protected int Features => reach.Length;

    /// <summary>Takes a feature in, and computes the units that depend on the features up to it and nothing else, in
    /// every
    /// layer.</summary>
    /// <param name="place">Its place in the order.</param>
    /// <param name="values">Its value for every item, as many elements in all.</param>
    public abstract void Append(int place, Tensor values);

    /// <summary>Evaluates one of the numbers that the last layer gives for a feature; those before it are
    /// known.</summary>
    /// <param name="place">The feature's place in the order.</param>
    /// <param name="output">Which number.</param>
    /// <param name="shape">The shape that comes out, an element for each item.</param>
    /// <returns>A fresh tensor.</returns>
    public abstract Tensor Evaluate(int place, int output, long[] shape);

    /// <summary>As <see cref="CausalPass.ScaleShift"/>, from the first feature on.</summary>
    public virtual bool ScaleShift(Tensor y, Tensor point, ScaleMap scale, bool inverse) => false;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How many units a feature depends on.</summary>
    protected int Reach(int place) => reach[place];

    /// <summary>The units that depend on the known features and nothing else: the first of them, and how many there
    /// are.</summary>
    protected (int From, int Count) Units(int known)
    {
        var from = known == 0 ? 0 : reach[known - 1];
        return (from, reach[known] - from);
    }
}
