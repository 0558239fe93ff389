using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>An activation between the linear layers of a network: a function of each element separately.</summary>
public sealed class Activation
{
    private readonly Func<Tensor, Tensor> _function;

    /// <summary>A function of one's own.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="function">Takes any shape and gives a fresh tensor of that shape; each element depends on the same
    /// element alone, and nothing is random.</param>
    public Activation(string name, Func<Tensor, Tensor> function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        Name = name;
        _function = function;
    }

    /// <summary><c>max(h, 0)</c>; networks with it run through kernels on the CPU.</summary>
    public static Activation Relu { get; } = new(nameof(Relu), h => h.relu());

    /// <summary><c>tanh h</c></summary>
    public static Activation Tanh { get; } = new(nameof(Tanh), h => h.tanh());

    /// <summary><c>h sigmoid(h)</c></summary>
    public static Activation Silu { get; } = new(nameof(Silu), h => nn.functional.silu(h));

    /// <summary><c>h</c> where it is positive, <c>exp(h) - 1</c> elsewhere.</summary>
    public static Activation Elu { get; } = new(nameof(Elu), h => nn.functional.elu(h, 1));

    /// <summary><c>h Phi(h)</c>, Phi the distribution function of the standard normal.</summary>
    public static Activation Gelu { get; } = new(nameof(Gelu), h => nn.functional.gelu(h));

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Applies the function.</summary>
    /// <param name="h">Any shape.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    [Elementwise]
    public Tensor Apply(Tensor h) => _function(h);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
