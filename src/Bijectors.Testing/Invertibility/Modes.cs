namespace Bijectors.Testing;

/// <summary>
/// While it lives, a module and all modules inside it are in evaluation mode; afterwards each is in the mode it was in.
/// </summary>
internal sealed class Modes : IDisposable
{
    private readonly IReadOnlyList<(nn.Module Module, bool Training)> _before;

    public Modes(nn.Module module)
    {
        // Outer ones first: the mode of a module is passed on to those inside.
        _before = [.. module.modules().Prepend(module).Select(one => (one, one.training))];
        module.eval();
    }

    public void Dispose()
    {
        foreach (var (module, training) in _before)
        {
            module.train(training);
        }
    }
}
