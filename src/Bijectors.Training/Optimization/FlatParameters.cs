using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// All trainable parameters of a module as views of one buffer and their gradients as views of another, so that an
/// update, a norm or an average is a handful of operations however many parameters there are. The module works as
/// before: its state dict reads the views. Disposing gives each parameter memory of its own again and drops the
/// gradients.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly (string Name, Parameter Parameter, long Offset)[] _places;

    // Of no elements, one of each parameter: what is done to it in place counts as done to the parameter.
    private readonly Tensor[] _versions;

    public FlatParameters(nn.Module module, IReadOnlyList<ParameterGroup>? groups = null)
    {
        using var ungraded = no_grad();
        (_places, Ranges) = ParameterPlaces.Of(module, groups ?? []);
        var last = _places[^1];
        var size = last.Offset + last.Parameter.numel();
        var (dtype, device) = (last.Parameter.dtype, last.Parameter.device);
        Values = zeros(size, dtype: dtype, device: device).DetachFromDisposeScope();
        Gradients = zeros(size, dtype: dtype, device: device).DetachFromDisposeScope();
        foreach (var (_, parameter, offset) in _places)
        {
            using var value = View(Values, parameter, offset);
            using var gradient = View(Gradients, parameter, offset);
            value.copy_(parameter);
            parameter.set_(value);
            parameter.grad = gradient;
        }

        _versions = [.. _places.Select(place => Nothing(place.Parameter))];
    }

    /// <summary>Every value, one behind the other.</summary>
    public Tensor Values { get; }

    /// <summary>Every gradient, in the order of <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameters of each group, which lie side by side, from the first value of it to that of the
    /// next.</summary>
    public IReadOnlyList<(long Start, long Length, ParameterGroup? Group)> Ranges { get; }

    /// <summary>Where each parameter is, in the order of their places.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter, long Offset)> Places => _places;

    /// <summary>Names, shapes and places, which identify the buffers of a module.</summary>
    public string Layout => string.Join("; ", _places.Select(place =>
        $"{place.Name} ({string.Join(", ", place.Parameter.shape)}) {place.Parameter.dtype} {place.Offset}"));

    /// <summary>
    /// Tells autograd that the values have changed: it refuses to differentiate what was computed with the older ones,
    /// and does not see what happens to the buffer.
    /// </summary>
    public void Changed()
    {
        using var ungraded = no_grad();
        foreach (var version in _versions)
        {
            version.neg_();
        }
    }

    /// <summary>The Euclidean norm of the whole gradient.</summary>
    public double GradientNorm()
    {
        using var norm = Gradients.norm();
        return norm.ToDouble();
    }

    /// <summary>
    /// The name of the first parameter with a NaN or infinite gradient, as in the state dict; null where there is
    /// none.
    /// </summary>
    public string? FirstNonFiniteGradient()
    {
        foreach (var (name, parameter, offset) in _places)
        {
            using var gradient = View(Gradients, parameter, offset);
            using var finite = gradient.isfinite();
            using var all = finite.all();
            if (!all.item<bool>())
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Checks that backward still adds to the buffer; <c>module.zero_grad()</c> breaks that.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public void CheckGradients()
    {
        var (name, parameter, offset) = _places[^1];
        using var gradient = parameter.grad;
        if (gradient is null || gradient.storage_offset() != offset)
        {
            throw new InvalidOperationException(
                $"FlatAdam: expected the gradient of {name} to stay a view of the optimizer's buffer, got another "
                + "tensor; clear gradients with FlatAdam.ZeroGradients(), and move the module before building the "
                + "optimizer.");
        }
    }

    public void Dispose()
    {
        using var ungraded = no_grad();
        foreach (var (_, parameter, _) in _places)
        {
            parameter.grad = null;
            using var own = parameter.detach().clone();
            parameter.set_(own);
        }

        foreach (var version in _versions)
        {
            version.Dispose();
        }

        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor Nothing(Parameter parameter)
    {
        using var plain = parameter.detach();
        using var flat = plain.view(-1);
        return flat.narrow(0, 0, 0).DetachFromDisposeScope();
    }

    private static Tensor View(Tensor buffer, Tensor parameter, long offset)
    {
        using var part = buffer.narrow(0, offset, parameter.numel());
        return part.view(parameter.shape);
    }
}
