using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What a <see cref="MadePass"/> knows of its features and its hidden units, which are sorted by degree.</summary>
/// <param name="reach">How many hidden units hear nothing behind the first i features, for i = 0 .. D - 1: those are a prefix.</param>
internal abstract class MadeState(int[] reach) : IDisposable
{
    /// <summary>The number D of features.</summary>
    protected int Features => reach.Length;

    /// <summary>Takes a feature in, and computes the units that hear the features up to it and nothing else, in every layer.</summary>
    /// <param name="feature">Which.</param>
    /// <param name="values">Its value for every item, as many elements in all.</param>
    public abstract void Append(int feature, Tensor values);

    /// <summary>Evaluates what the last layer says of one feature; those before it are known.</summary>
    /// <param name="feature">Which.</param>
    /// <param name="shape">The shape that comes out, an element for each item.</param>
    /// <returns>The raw log-scale and the shift, both fresh.</returns>
    public abstract (Tensor LogScale, Tensor Shift) Evaluate(int feature, long[] shape);

    /// <summary>As <see cref="CausalPass.ScaleShift"/>, from the first feature on.</summary>
    public virtual bool ScaleShift(Tensor y, Tensor point, ScaleMap scale, bool inverse) => false;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How many units say something of a feature.</summary>
    protected int Reach(int feature) => reach[feature];

    /// <summary>The units that hear the known features and nothing else: the first of them, and how many there are.</summary>
    protected (int From, int Count) Units(int known)
    {
        var from = known == 0 ? 0 : reach[known - 1];
        return (from, reach[known] - from);
    }
}
