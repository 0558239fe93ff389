using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Where the weights of a <see cref="Made"/> on the CPU lie, and the order in which its hidden units become known. They are read where they are: a pass over a few items would
/// spend more time on copies than on products.
/// </summary>
internal sealed unsafe class MadeLayers<T> : IDisposable
    where T : unmanaged
{
    private readonly List<Tensor> _kept = [];

    /// <param name="order">The order of the hidden units.</param>
    /// <param name="initial">The first layer, which reads features and context.</param>
    /// <param name="blocks">The residual blocks.</param>
    /// <param name="final">The last layer, which gives all log-scales and then all shifts.</param>
    public MadeLayers(MadeOrder order, Dense initial, IEnumerable<ResidualBlock> blocks, Dense final)
    {
        Features = order.Features;
        InputWidth = (int)initial.Weight.size(1);
        Order = order.Units;
        Places = [.. Enumerable.Range(0, Features)];
        Input = Address(initial.Weight);
        InputBias = Address(initial.Bias);
        Blocks = [.. blocks.Select(block => new Block(
            Address(block.First.Weight), Address(block.First.Bias), Address(block.Second.Weight), Address(block.Second.Bias)))];
        Output = Address(final.Weight);
        OutputBias = Address(final.Bias);
    }

    /// <summary>The number D of features.</summary>
    public int Features { get; }

    /// <summary>How many numbers the first layer reads, the context's among them.</summary>
    public int InputWidth { get; }

    /// <summary>The number of hidden units.</summary>
    public int Width => Order.Length;

    /// <summary>See <see cref="MadeOrder.Units"/>.</summary>
    public int[] Order { get; }

    /// <summary>0 .. D - 1: features stand in their order anyway.</summary>
    public int[] Places { get; }

    /// <summary>Of the first layer, <c>(hidden, D + C)</c>.</summary>
    public T* Input { get; }

    /// <summary>Of the first layer, <c>(hidden)</c>.</summary>
    public T* InputBias { get; }

    /// <summary>The residual blocks.</summary>
    public Block[] Blocks { get; }

    /// <summary>Of the last layer, <c>(2 D, hidden)</c>.</summary>
    public T* Output { get; }

    /// <summary>Of the last layer, <c>(2 D)</c>.</summary>
    public T* OutputBias { get; }

    /// <inheritdoc/>
    public void Dispose() => _kept.ForEach(t => t.Dispose());

    // Torch's memory stays where it is for as long as there is a tensor of it.
    private T* Address(Tensor tensor)
    {
        using var plain = tensor.detach();
        _kept.Add(TensorMemory.Plain(plain));
        return (T*)TensorMemory.Address(_kept[^1]);
    }

    /// <summary>Weights <c>(hidden, hidden)</c> and biases <c>(hidden)</c> of the two layers of a residual block.</summary>
    internal sealed class Block(T* first, T* firstBias, T* second, T* secondBias)
    {
        public T* First => first;

        public T* FirstBias => firstBias;

        public T* Second => second;

        public T* SecondBias => secondBias;
    }
}
