namespace Bijectors.Testing;

/// <summary>While it lives, the parameters of a bijector have other values; afterwards each is what it was.</summary>
internal sealed class MovedParameters : IDisposable
{
    private readonly List<(Tensor Parameter, Tensor Before)> _moved;

    /// <summary>Moves every parameter.</summary>
    /// <param name="f">Whose.</param>
    /// <param name="to">Where to, from where it is.</param>
    public MovedParameters(Bijector f, Func<Tensor, Tensor> to)
    {
        using var grad = no_grad();
        _moved = [.. f.parameters().Select(p => ((Tensor)p, p.clone()))];
        _moved.ForEach(one => one.Parameter.copy_(to(one.Before)));
    }

    public void Dispose()
    {
        using var grad = no_grad();
        _moved.ForEach(one => one.Parameter.copy_(one.Before));
    }
}
