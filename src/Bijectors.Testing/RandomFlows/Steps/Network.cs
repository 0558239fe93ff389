namespace Bijectors.Testing.RandomFlows;

/// <summary>What kind of network a coupling reads one part with.</summary>
internal enum NetworkKind
{
    ResidualMlp,
    LipschitzMlp,
    ConvNet,
}

/// <summary>A network between the parts of a point.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Hidden">Its width.</param>
/// <param name="Blocks">Its number of blocks or hidden layers, where it has any.</param>
/// <param name="ReadsContext">Whether it reads the context, where there is one.</param>
internal sealed record Network(NetworkKind Kind, int Hidden, int Blocks, bool ReadsContext)
{
    public int EventRank => Kind == NetworkKind.ConvNet ? 3 : 1;

    public int Cost => 10 + (10 * (int)Kind) + Hidden + (2 * Blocks) + (ReadsContext ? 10 : 0);

    public IEnumerable<string> Forms => [Kind.ToString()];

    public Conditioner Build(Shape read, long outputs, Making making)
    {
        var (inputs, context) = (read[-EventRank], ReadsContext ? making.ContextSize : 0);
        return Kind switch
        {
            NetworkKind.ResidualMlp => new ResidualMlp(inputs, outputs, Hidden, Blocks, making.Generator, context),
            NetworkKind.LipschitzMlp =>
                new LipschitzMlp(inputs, Hidden, Math.Max(1, Blocks), making.Generator, context),
            _ => new ConvNet(inputs, outputs, Hidden, making.Generator, context),
        };
    }

    public string Write(Shape read, long outputs, int contextSize)
    {
        var (inputs, context) = (read[-EventRank], ReadsContext && contextSize > 0 ? $"{contextSize}" : null);
        return Kind switch
        {
            NetworkKind.ResidualMlp =>
                Text.Call("new ResidualMlp", $"{inputs}", $"{outputs}", $"{Hidden}", $"{Blocks}", "g", context),
            NetworkKind.LipschitzMlp =>
                Text.Call("new LipschitzMlp", $"{inputs}", $"{Hidden}", $"{Math.Max(1, Blocks)}", "g", context),
            _ => Text.Call("new ConvNet", $"{inputs}", $"{outputs}", $"{Hidden}", "g", context),
        };
    }

    /// <summary>How large its raw outputs may be where entries are of a size.</summary>
    public double Raw(double size) => Kind switch
    {
        NetworkKind.ResidualMlp => Gains.ResidualMlp(size),
        NetworkKind.LipschitzMlp => size + 1,
        _ => Gains.ConvNet(size),
    };

    public IEnumerable<Network> Simpler()
    {
        yield return this with { Hidden = 1 };
        yield return this with { Blocks = 0 };
        yield return this with { Hidden = 2 };
        yield return this with { ReadsContext = false };
        if (Kind != NetworkKind.ResidualMlp)
        {
            yield return this with { Kind = NetworkKind.ResidualMlp };
        }
    }
}
