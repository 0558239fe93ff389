using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Where the weights of a masked autoregressive network on the CPU lie, and the order in which its features and hidden
/// units become known. They are read where they are: a pass over a few items would spend more time on copies than on
/// products.
/// </summary>
internal sealed unsafe class MadeLayers<T> : IDisposable
    where T : unmanaged
{
    private readonly List<Tensor> _kept = [];

    /// <param name="places">The feature at each place of the order.</param>
    /// <param name="units">The hidden units, sorted by degree.</param>
    /// <param name="parameters">Weight and bias of every layer: the first, two for each residual block, the
    /// last.</param>
    public MadeLayers(int[] places, int[] units, IReadOnlyList<Tensor> parameters)
    {
        InputWidth = (int)parameters[0].size(1);
        Order = units;
        Places = places;
        Input = Address(parameters[0]);
        InputBias = Address(parameters[1]);
        Blocks = new Block[(parameters.Count / 4) - 1];
        for (var i = 0; i < Blocks.Length; i++)
        {
            var first = 2 + (4 * i);
            Blocks[i] = new(
                Address(parameters[first]), Address(parameters[first + 1]),
                Address(parameters[first + 2]), Address(parameters[first + 3]));
        }

        Output = Address(parameters[^2]);
        OutputBias = Address(parameters[^1]);
    }

    /// <summary>The number D of features.</summary>
    public int Features => Places.Length;

    /// <summary>How many numbers the first layer reads, the context's among them.</summary>
    public int InputWidth { get; }

    /// <summary>The number of hidden units.</summary>
    public int Width => Order.Length;

    /// <summary>The hidden units, sorted by degree.</summary>
    public int[] Order { get; }

    /// <summary>The feature at each place of the order.</summary>
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
