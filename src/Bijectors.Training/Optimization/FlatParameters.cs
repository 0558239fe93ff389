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
    // Views start at multiples of this many elements, a cache line of float32; what lies between stays zero.
    private const long Alignment = 16;

    private readonly (string Name, Parameter Parameter, long Offset)[] _places;

    // Of no elements, one of each parameter: what is done to it in place counts as done to the parameter.
    private readonly Tensor[] _versions;

    public FlatParameters(nn.Module module, IReadOnlyList<ParameterGroup>? groups = null)
    {
        using var ungraded = no_grad();
        groups ??= [];
        (_places, Ranges) = Place(module, groups);
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

    /// <summary>Names, shapes and places, which tell the buffers of two modules apart.</summary>
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

    private static (
        (string Name, Parameter Parameter, long Offset)[] Places, (long, long, ParameterGroup?)[] Ranges) Place(
            nn.Module module, IReadOnlyList<ParameterGroup> groups)
    {
        var trained = module.named_parameters().DistinctBy(row => row.parameter.Handle)
            .Where(row => row.parameter.requires_grad)
            .Select(row => (row.name, row.parameter, Group: GroupOf(row.name, row.parameter, groups))).ToList();
        Check(module, trained, groups);

        // The first view starts behind zero, which tells it from a gradient that autograd has made on its own.
        var offset = Alignment;
        var places = new List<(string Name, Parameter Parameter, long Offset)>();
        var ranges = new List<(long Start, long Length, ParameterGroup? Group)>();
        foreach (var group in trained.GroupBy(row => row.Group).OrderBy(group => group.Key))
        {
            var start = ranges.Count == 0 ? 0 : offset;
            foreach (var (name, parameter, _) in group)
            {
                places.Add((name, parameter, offset));
                offset += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
            }

            ranges.Add((start, offset - start, group.Key < groups.Count ? groups[group.Key] : null));
        }

        // The buffer ends with the last number.
        var (last, end) = (ranges[^1], places[^1].Offset + places[^1].Parameter.numel());
        ranges[^1] = last with { Length = end - last.Start };
        return ([.. places], [.. ranges]);
    }

    // Behind all groups where none takes it.
    private static int GroupOf(string name, Parameter parameter, IReadOnlyList<ParameterGroup> groups)
    {
        var group = 0;
        while (group < groups.Count && !groups[group].Takes(name, parameter))
        {
            group++;
        }

        return group;
    }

    private static void Check(
        nn.Module module,
        List<(string Name, Parameter Parameter, int Group)> trained,
        IReadOnlyList<ParameterGroup> groups)
    {
        if (trained is not [var first, ..])
        {
            throw new ArgumentException(
                $"{module.GetName()}: expected at least one parameter that requires a gradient, got none.");
        }

        foreach (var (name, parameter, _) in trained)
        {
            if (first.Parameter.dtype != parameter.dtype
                || first.Parameter.device.ToString() != parameter.device.ToString())
            {
                throw new ArgumentException(
                    $"{module.GetName()}: expected all parameters to be {first.Parameter.dtype} on "
                    + $"{first.Parameter.device}, got {parameter.dtype} on {parameter.device} for {name}; "
                    + "convert with .to(...) before training.");
            }
        }

        for (var i = 0; i < groups.Count; i++)
        {
            if (trained.TrueForAll(row => row.Group != i))
            {
                throw new ArgumentException(
                    $"ParameterGroup[{i}]: expected to take a parameter of {module.GetName()}, took none; its names "
                    + $"are those of the state dict, as {first.Name}.");
            }
        }
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
