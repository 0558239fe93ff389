using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>An activation between the linear layers of a network: a function of each element separately.</summary>
public sealed class Activation
{
    private readonly Func<Tensor, Tensor> _function;

    private Activation(string name, double slope, Func<Tensor, Tensor> function)
        : this(name, function) => Slope = slope;

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

    /// <summary>The elu with the scale at which unit variance is kept: <c>1.0507 h</c> where h is positive,
    /// <c>1.7581 (exp(h) - 1)</c> elsewhere.</summary>
    public static Activation Selu { get; } = new(nameof(Selu), h => nn.functional.selu(h));

    /// <summary><c>log(1 + exp(h))</c></summary>
    public static Activation Softplus { get; } = new(nameof(Softplus), Elementwise.Softplus);

    /// <summary><c>1 / (1 + exp(-h))</c></summary>
    public static Activation Sigmoid { get; } = new(nameof(Sigmoid), h => h.sigmoid());

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The slope of a <see cref="LeakyRelu"/> below zero; null of any other.</summary>
    internal double? Slope { get; }

    /// <summary><c>h</c> where it is positive, <c>slope h</c> elsewhere.</summary>
    /// <param name="slope">The slope below zero.</param>
    /// <exception cref="ArgumentException">The slope is not finite.</exception>
    public static Activation LeakyRelu(double slope = 0.01)
    {
        Numbers.CheckFinite(nameof(LeakyRelu), slope);
        return new(nameof(LeakyRelu), slope, h => nn.functional.leaky_relu(h, slope));
    }

    /// <summary>The one of this library that has a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="slope">The slope of a <see cref="LeakyRelu"/>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static Activation Named(string name, double? slope) =>
        (name == nameof(LeakyRelu) && slope is { } below ? LeakyRelu(below)
            : new[] { Relu, Tanh, Silu, Elu, Gelu, Selu, Softplus, Sigmoid }.FirstOrDefault(own => own.Name == name))
        ?? throw new ArgumentException(
            $"Activation: expected one of the library to save a network with it, got '{name}'; "
            + "register the network by functions.");

    /// <summary>Applies the function.</summary>
    /// <param name="h">Any shape.</param>
    /// <returns>A fresh tensor of that shape.</returns>
    [Elementwise]
    public Tensor Apply(Tensor h) => _function(h);

    /// <summary>The name, of a <see cref="LeakyRelu"/> with its slope.</summary>
    public override string ToString() =>
        Slope is { } slope ? FormattableString.Invariant($"{Name}({slope})") : Name;
}
