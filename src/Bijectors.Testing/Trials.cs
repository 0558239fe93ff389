using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>
/// The trials of one case, one for each dtype, made when a law first asks: laws share the bijector, the points and what
/// is known of them.
/// </summary>
internal sealed class Trials(LawCase subject) : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<ScalarType, Trial> _trials = [];

    public LawCase Case => subject;

    public Trial this[ScalarType dtype]
    {
        get
        {
            if (!_trials.TryGetValue(dtype, out var trial))
            {
                trial = new Trial(subject, dtype);
                _trials.Add(dtype, trial);
            }

            return trial;
        }
    }

    public void Dispose()
    {
        foreach (var trial in _trials.Values)
        {
            trial.Dispose();
        }

        _scope.Dispose();
    }
}
