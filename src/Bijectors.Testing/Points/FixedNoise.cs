namespace Bijectors.Testing;

/// <summary>
/// While it lives, the estimated log-dets of a bijector draw from states that are always the same; afterwards their
/// generators continue where they were.
/// </summary>
internal sealed class FixedNoise : IDisposable
{
    private readonly List<(Generator Generator, Tensor State)> _before = [];

    /// <summary>Sets the generators of a bijector; of one with an exact log-det there are none.</summary>
    /// <param name="f">Whose.</param>
    /// <param name="seed">Tells one noise from another.</param>
    public FixedNoise(Bijector f, long seed)
    {
        foreach (var generator in f.HasRandomLogDet ? f.LogDetNoise : [])
        {
            _before.Add((generator, generator.get_state()));
            generator.manual_seed(seed + _before.Count);
        }
    }

    public void Dispose()
    {
        foreach (var (generator, state) in _before)
        {
            generator.set_state(state);
            state.Dispose();
        }
    }
}
