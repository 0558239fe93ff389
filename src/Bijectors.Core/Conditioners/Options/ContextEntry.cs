namespace Bijectors;

/// <summary>How the context c of a network enters it.</summary>
public enum ContextEntry
{
    /// <summary>Beside the input: the first layer reads <c>[x, c]</c>.</summary>
    Concatenation,

    /// <summary>
    /// Added to hidden units: <c>h + a(V c + d)</c> behind the first layer, a the activation, and <c>h + V c + d</c>
    /// behind the first layer of each residual block, with a linear map of its own each time. Source: the <c>MADE</c>
    /// of nflows.
    /// </summary>
    Addition,

    /// <summary>
    /// Beside the input, and as a gate of what each residual block adds: <c>h + sigmoid(V c + d) f(h)</c>. Source: the
    /// <c>ResidualNet</c> of nflows; Dauphin et al. 2017, Language modeling with gated convolutional networks,
    /// arXiv 1612.08083.
    /// </summary>
    Gating,

    /// <summary>
    /// As a scale and a shift of the hidden units before each activation: <c>(1 + g) h + b</c> with <c>[g, b] = V c +
    /// d</c>. Source: Perez et al. 2018, FiLM, arXiv 1709.07871.
    /// </summary>
    Film,
}
