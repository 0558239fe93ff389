using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Where the weights of a <see cref="Made"/> on the CPU lie, and the order in which its features and hidden units
/// become known. They are read where they are: a pass over a few
/// items would spend more time on copies than on products.
/// </summary>
internal sealed unsafe class MadeLayers<T> : IDisposable
    where T : unmanaged
{
    private readonly List<Tensor> _kept = [];

    /// <param name="network">The network, of residual blocks.</param>
    public MadeLayers(MadeNetwork network)
    {
        Features = network.Order.Features;
        InputWidth = (int)network.Initial.Weight.size(1);
        Order = network.Order.Units;
        Places = network.Order.Places;
        Input = Address(network.Initial.Weight);
        InputBias = Address(network.Initial.Bias);
        Blocks = [.. network.Hidden.Chunk(2).Select(block => new Block(
            Address(block[0].Weight), Address(block[0].Bias), Address(block[1].Weight), Address(block[1].Bias)))];
        Output = Address(network.Final.Weight);
        OutputBias = Address(network.Final.Bias);
    }

    /// <summary>The number D of features.</summary>
    public int Features { get; }

    /// <summary>How many numbers the first layer reads, the context's among them.</summary>
    public int InputWidth { get; }

    /// <summary>The number of hidden units.</summary>
    public int Width => Order.Length;

    /// <summary>See <see cref="MadeOrder.Units"/>.</summary>
    public int[] Order { get; }

    /// <summary>See <see cref="MadeOrder.Places"/>.</summary>
    public int[] Places { get; }

    /// <summary>Of the first layer, <c>(hidden, D + C)</c>.</summary>
    public T* Input { get; }

    /// <summary>Of the first layer, <c>(hidden)</c>.</summary>
    public T* InputBias { get; }

    /// <summary>The residual blocks.</summary>
    public Block[] Blocks { get; }

    /// <summary>Of the last layer, <c>(outputs D, hidden)</c>.</summary>
    public T* Output { get; }

    /// <summary>Of the last layer, <c>(outputs D)</c>.</summary>
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

    /// <summary>Weights <c>(hidden, hidden)</c> and biases <c>(hidden)</c> of the two layers of a residual
    /// block.</summary>
    internal sealed class Block(T* first, T* firstBias, T* second, T* secondBias)
    {
        public T* First => first;

        public T* FirstBias => firstBias;

        public T* Second => second;

        public T* SecondBias => secondBias;
    }
}
