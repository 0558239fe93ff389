using System.Globalization;

namespace Bijectors.Cli;

/// <summary>
/// What a flow has in its state dictionary, copied for its twin under the same names. Parameters are leaves that
/// require a gradient; their values are views of one flat buffer and their gradients views of another.
/// </summary>
/// <remarks>All tensors live in the dispose scope in which the copy is made.</remarks>
internal sealed class EagerState
{
    // Views start at multiples of so many elements, a cache line of float32; what lies between stays zero.
    private const long Alignment = 16;

    private readonly Dictionary<string, Tensor> _tensors;
    private readonly HashSet<string> _unread;
    private readonly string _prefix;

    /// <summary>A copy of what a flow holds now.</summary>
    public EagerState(Flow flow)
    {
        using var ungraded = no_grad();
        EventShape = flow.EventShape;
        var parameters = flow.named_parameters().ToArray();
        var size = parameters.Sum(row => Room(row.parameter));
        Values = zeros(size, parameters[0].parameter.dtype);
        Gradients = zeros_like(Values);
        _tensors = flow.named_buffers().ToDictionary(row => row.name, row => row.buffer.clone());
        _prefix = "";
        var offset = 0L;
        foreach (var (name, parameter) in parameters)
        {
            // Without the history of the buffer, so that it is a leaf.
            var value = View(Values, parameter, offset).detach();
            value.copy_(parameter);
            value.requires_grad_(true);
            value.grad = View(Gradients, parameter, offset);
            _tensors.Add(name, value);
            offset += Room(parameter);
        }

        Parameters = parameters.ToDictionary(row => row.name, row => _tensors[row.name]);
        _unread = [.. Parameters.Keys];
    }

    private EagerState(EagerState whole, string prefix)
    {
        (_tensors, _unread, _prefix) = (whole._tensors, whole._unread, prefix);
        (EventShape, Parameters) = (whole.EventShape, whole.Parameters);
        (Values, Gradients) = (whole.Values, whole.Gradients);
    }

    /// <summary>The shape of one data point of the flow.</summary>
    public Shape EventShape { get; }

    /// <summary>Every parameter, one behind the other.</summary>
    public Tensor Values { get; }

    /// <summary>Every gradient, in the order of <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameters by their full names.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters { get; }

    /// <summary>The tensor of a name.</summary>
    public Tensor this[string name]
    {
        get
        {
            _unread.Remove(_prefix + name);
            return _tensors[_prefix + name];
        }
    }

    /// <summary>What lies below a name.</summary>
    public EagerState At(string name) => new(this, $"{_prefix}{name}.");

    /// <summary>Whether there is a tensor of a name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(_prefix + name);

    /// <summary>What lies below <c>name.0</c>, <c>name.1</c>, ..., up to the last one that has tensors.</summary>
    public EagerState[] Each(string name)
    {
        var start = $"{_prefix}{name}.";
        var count = _tensors.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal))
            .Select(key => int.Parse(key[start.Length..].Split('.')[0], CultureInfo.InvariantCulture) + 1)
            .DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(0, count).Select(i => At($"{name}.{i}"))];
    }

    /// <summary>Checks that the twin is made of all parameters.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public void CheckAllRead()
    {
        if (_unread.Count > 0)
        {
            throw new InvalidOperationException(
                "EagerFlow: expected a twin that reads every parameter, got one that does not read "
                + $"{string.Join(", ", _unread.Order())}.");
        }
    }

    private static long Room(Tensor parameter) => (parameter.numel() + Alignment - 1) / Alignment * Alignment;

    private static Tensor View(Tensor buffer, Tensor parameter, long offset) =>
        buffer.narrow(0, offset, parameter.numel()).view(parameter.shape);
}
