using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// What a pass through a masked autoregressive network knows of its features, which are at the places of their order,
/// and of its hidden units, which are sorted by degree.
/// </summary>
/// <param name="reach">
/// How many hidden units depend on none but the first i features of the order, for i = 0 .. D - 1: those are a prefix.
/// </param>
internal abstract class MadeState(int[] reach) : IDisposable
{
    /// <summary>The number D of features.</summary>
    protected int Features => reach.Length;

    /// <summary>
    /// Takes a feature in, and computes the units that depend on the features up to it and nothing else, in every
    /// layer.
    /// </summary>
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

    /// <summary>
    /// Solves <c>y = x exp(s) + t</c> for x feature by feature, where s and t of a feature depend on those before it.
    /// </summary>
    /// <param name="y">The results, or the points where <paramref name="inverse"/> is true.</param>
    /// <param name="point">Takes x, or y where <paramref name="inverse"/> is true.</param>
    /// <param name="scale">s from the first number of a feature.</param>
    /// <param name="inverse">Whether x is given and y is asked for, with s and t of the y before it.</param>
    /// <returns>Whether it was done; where it was not, the caller goes feature by feature itself.</returns>
    public virtual bool ScaleShift(Tensor y, Tensor point, ILogScale scale, bool inverse) => false;

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
