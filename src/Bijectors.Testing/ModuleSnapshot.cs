namespace Bijectors.Testing;

/// <summary>
/// A copy of the state of a bijector: its parameters and buffers, the mode of each module, and which parameters require
/// gradients. No call may change any of it.
/// </summary>
/// <remarks>It is taken once, before the first call: a change that every call makes alike does not show between two
/// later calls.</remarks>
internal sealed class ModuleSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _state;
    private readonly Dictionary<string, bool> _training;
    private readonly Dictionary<string, bool> _learns;

    private ModuleSnapshot(
        Dictionary<string, Tensor> state, Dictionary<string, bool> training, Dictionary<string, bool> learns) =>
        (_state, _training, _learns) = (state, training, learns);

    /// <summary>That of a bijector now.</summary>
    public static ModuleSnapshot Of(Bijector f)
    {
        using var grad = no_grad();
        return new(
            f.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope()),
            Training(f), Learns(f));
    }

    /// <summary>That of a bijector inside.</summary>
    public ModuleSnapshot Inside(string path)
    {
        return new(Cut(_state), Cut(_training), Cut(_learns));

        Dictionary<string, T> Cut<T>(Dictionary<string, T> all)
        {
            var cut = all.Where(entry => entry.Key.StartsWith($"{path}.", StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key[(path.Length + 1)..], entry => entry.Value);
            return all.TryGetValue(path, out var own) ? cut.Append(new(string.Empty, own)).ToDictionary() : cut;
        }
    }

    /// <summary>What is no longer so; null where nothing is.</summary>
    /// <param name="f">The bijector now.</param>
    /// <param name="afterwards">What it was asked since, for the message.</param>
    public Mismatch? Changed(Bijector f, string afterwards)
    {
        var state = f.state_dict();
        return _state.Select(entry =>
            Close.Find($"'{entry.Key}' after {afterwards}", entry.Value, state[entry.Key], zeros_like(entry.Value)))
            .FirstOrDefault(changed => changed is not null)
            ?? Other(_training, Training(f), path => path.Length == 0 ? "the mode" : $"the mode of module '{path}'",
                training => training ? "training" : "evaluation")
            ?? Other(_learns, Learns(f), path => $"whether parameter '{path}' requires gradients",
                learns => learns ? "yes" : "no");

        Mismatch? Other(Dictionary<string,
            bool> before, Dictionary<string, bool> after, Func<string, string> name, Func<bool, string> text) => before
                .Where(entry => after[entry.Key] != entry.Value)
                .Select(entry => new Mismatch(
                    $"{name(entry.Key)} after {afterwards}", text(entry.Value), text(!entry.Value))).FirstOrDefault();
    }

    public void Dispose()
    {
        foreach (var tensor in _state.Values)
        {
            tensor.Dispose();
        }
    }

    private static Dictionary<string, bool> Training(Bijector f) =>
        f.named_modules().Select(inner => (inner.name, inner.module.training))
            .Append((string.Empty, f.training)).ToDictionary();

    private static Dictionary<string, bool> Learns(Bijector f) =>
        f.named_parameters().ToDictionary(p => p.name, p => p.parameter.requires_grad);
}
