namespace Bijectors.Testing;

/// <summary>
/// The law contexts of one case, one for each dtype, made when a law first asks for it: laws share the bijector, the
/// points and how the map is conditioned there.
/// </summary>
internal sealed class LawContexts(LawCase subject) : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<ScalarType, LawContext> _contexts = [];

    public LawCase Case => subject;

    public LawContext this[ScalarType dtype]
    {
        get
        {
            if (!_contexts.TryGetValue(dtype, out var lawContext))
            {
                lawContext = new LawContext(subject, dtype);
                _contexts.Add(dtype, lawContext);
            }

            return lawContext;
        }
    }

    public void Dispose()
    {
        foreach (var lawContext in _contexts.Values)
        {
            lawContext.Dispose();
        }

        _scope.Dispose();
    }
}
