namespace Bijectors.Testing.RandomFlows;

/// <summary>A network between the parts of a point.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Hidden">Its width.</param>
/// <param name="Layers">Its number of blocks or hidden layers, where it has any.</param>
/// <param name="ReadsContext">Whether it reads the context, where there is one.</param>
internal sealed record Network(NetworkType Type, int Hidden, int Layers, bool ReadsContext)
{
    public int EventRank => Type.EventRank;

    public int FeatureAxis => Type.FeatureAxis;

    public int Cost => (Type.IsUsual ? 10 : 25) + Hidden + (2 * Layers) + (ReadsContext ? 10 : 0);

    public IEnumerable<string> Forms => [Type.Name];

    public Conditioner Build(Shape read, long outputs, Making making, object? options = null) =>
        Type.Make(Sizes(read, outputs, making.ContextSize), making.Generator, options);

    public string Write(Shape read, long outputs, int contextSize, string? options = null) =>
        Type.Write(Sizes(read, outputs, contextSize), options);

    /// <summary>How large its raw outputs may be where entries are of a size.</summary>
    public double Raw(double size) => Type.Raw(size);

    public IEnumerable<Network> Simpler()
    {
        yield return this with { Hidden = 1 };
        yield return this with { Layers = 0 };
        yield return this with { Hidden = 2 };
        yield return this with { ReadsContext = false };
        if (!Type.IsUsual)
        {
            yield return this with { Type = Type.IsCausal ? NetworkType.UsualCausal : NetworkType.Usual };
        }
    }

    private NetworkSizes Sizes(Shape read, long outputs, int contextSize) =>
        new(
            read[FeatureAxis], outputs, Hidden, Layers, ReadsContext ? contextSize : 0,
            EventRank == 2 ? read[-2] : 1);
}
