using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The trunks that the networks of a part of a declaration share, see <see cref="FlowBuilder.Sharing"/>.
/// </summary>
/// <param name="embeddingSize">The size of the embedding of each network; 0 for none.</param>
internal sealed class SharedTrunks(int embeddingSize)
{
    /// <summary>The least that a causal trunk gives for each feature.</summary>
    private const int LeastUnits = 4;

    private readonly Dictionary<object, Conditioner> _trunks = [];

    /// <summary>A network of the trunk of its kind, which is made where it is the first.</summary>
    /// <param name="kind">What networks of one trunk have in common.</param>
    /// <param name="units">How many features the trunk gives.</param>
    /// <param name="outputs">How many features come out.</param>
    /// <param name="generator">What weights are drawn from.</param>
    /// <param name="create">Makes the trunk from how much it reads beside the context.</param>
    public Conditioner Network(
        object kind, long units, long outputs, Generator generator, Func<int, Conditioner> create) =>
        new SharingConditioner(Trunk(kind, () => create(embeddingSize)), units, outputs, embeddingSize, generator);

    /// <summary>The same of a causal network.</summary>
    /// <param name="kind">What networks of one trunk have in common.</param>
    /// <param name="step">The step, for messages.</param>
    /// <param name="features">The number of features.</param>
    /// <param name="hidden">The width of the trunk.</param>
    /// <param name="outputs">How many parameters come out for each feature.</param>
    /// <param name="generator">What weights are drawn from.</param>
    /// <param name="create">Makes the trunk from how many numbers it gives for each feature, and how much it reads
    /// beside the context.</param>
    public CausalConditioner Causal(
        object kind, string step, long features, int hidden, int outputs, Generator generator,
        Func<int, int, CausalConditioner> create)
    {
        Numbers.CheckCount(step, "a number of features", features, least: 1);
        var units = Math.Max(LeastUnits, (int)((hidden + features - 1) / features));
        return new SharingCausalConditioner(
            (CausalConditioner)Trunk(kind, () => create(units, embeddingSize)), features, outputs, embeddingSize,
            generator);
    }

    private Conditioner Trunk(object kind, Func<Conditioner> create) =>
        _trunks.TryGetValue(kind, out var trunk) ? trunk : _trunks[kind] = create();
}
