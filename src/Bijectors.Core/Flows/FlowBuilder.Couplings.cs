namespace Bijectors;

public sealed partial class FlowBuilder
{
    /// <summary>
    /// Appends an affine coupling. Its network is a <see cref="ConvNet"/> where the shape is an image, else a
    /// <see cref="ResidualMlp"/>.
    /// </summary>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of residual blocks; a ConvNet has none.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <param name="options">What network it is instead, see <see cref="NetworkOptions"/>.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder AffineCoupling(
        int hidden, int blocks = 2, Partition? partition = null, ScaleMap? scale = null,
        NetworkOptions? options = null) =>
        AffineCoupling(
            (read, mapped) => Network(nameof(AffineCoupling), read, 2 * Features(mapped), hidden, blocks, options),
            partition, scale);

    /// <summary>Appends an affine coupling with a network of one's own.</summary>
    /// <param name="network">Makes the network from the shapes of what is read and what is mapped; it gives two
    /// features for each mapped one.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder AffineCoupling(
        Func<Shape, Shape, Conditioner> network, Partition? partition = null, ScaleMap? scale = null) =>
        Couple(network, partition, (net, parts) => new AffineCoupling(net, parts, scale));

    /// <summary>Appends an additive coupling.</summary>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of residual blocks; a ConvNet has none.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <param name="options">What network it is instead, see <see cref="NetworkOptions"/>.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder AdditiveCoupling(
        int hidden, int blocks = 2, Partition? partition = null, NetworkOptions? options = null) =>
        AdditiveCoupling(
            (read, mapped) => Network(nameof(AdditiveCoupling), read, Features(mapped), hidden, blocks, options),
            partition);

    /// <summary>Appends an additive coupling with a network of one's own.</summary>
    /// <param name="network">Makes the network from the shapes of what is read and what is mapped; it gives one feature
    /// for each mapped one.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder AdditiveCoupling(Func<Shape, Shape, Conditioner> network, Partition? partition = null) =>
        Couple(network, partition, (net, parts) => new AdditiveCoupling(net, parts));

    /// <summary>Appends the coupling of Glow.</summary>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of residual blocks; a ConvNet has none.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <param name="options">What network it is instead, see <see cref="NetworkOptions"/>.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder GlowCoupling(
        int hidden, int blocks = 2, Partition? partition = null, NetworkOptions? options = null) => Couple(
        (read, mapped) => Network(nameof(GlowCoupling), read, 2 * Features(mapped), hidden, blocks, options), partition,
        (net, parts) => new GlowCoupling(net, parts));

    /// <summary>
    /// Appends a coupling by a transformer. Its network is a <see cref="ConvNet"/> where the shape is an image, else a
    /// <see cref="ResidualMlp"/>.
    /// </summary>
    /// <param name="transformer">What maps the second part, as <see cref="Transformer.RationalQuadratic"/>.</param>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of residual blocks; a ConvNet has none.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <param name="options">What network it is instead, see <see cref="NetworkOptions"/>.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder Coupling(
        Transformer transformer, int hidden, int blocks = 2, Partition? partition = null,
        NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return Coupling(
            transformer,
            (read, mapped) => Network(
                nameof(Coupling), read, transformer.ParameterCount * Features(mapped), hidden, blocks, options),
            partition);
    }

    /// <summary>Appends a coupling by a transformer, with a network of one's own.</summary>
    /// <param name="transformer">What maps the second part.</param>
    /// <param name="network">Makes the network from the shapes of what is read and what is mapped; it gives
    /// <see cref="Transformer.ParameterCount"/> features for each mapped one.</param>
    /// <param name="partition">What is read, first, and what is mapped, second; the halves of the channels by
    /// default.</param>
    /// <exception cref="ShapeException">The partition does not fit the shape.</exception>
    public FlowBuilder Coupling(
        Transformer transformer, Func<Shape, Shape, Conditioner> network, Partition? partition = null) =>
        Couple(network, partition, (net, parts) => new Coupling(net, transformer, parts));

    private FlowBuilder Couple(
        Func<Shape, Shape, Conditioner> network, Partition? partition, Func<Conditioner, Partition, Bijector> couple) =>
        Append(() =>
    {
        partition ??= Partition.OfCoupling(Axis.Channels.In(Shape), ContextSize);
        var (read, mapped) = partition.Split(Shape);
        return couple(network(read, mapped), partition);
    });

    private Conditioner Network(
        string step, Shape read, long outputs, int hidden, int blocks, NetworkOptions? options = null)
    {
        CheckSizes(step, hidden, blocks);
        var kind = options ?? (read.Rank == 3 ? new ConvNetOptions() : new ResidualMlpOptions());
        return _trunks is null
            ? kind.Create(read, outputs, hidden, blocks, Generator, ContextSize)
            : _trunks.Network(
                (options, read, hidden, blocks), hidden, outputs, Generator,
                beside => kind.OfTrunk().Create(read, hidden, hidden, blocks, Generator, ContextSize + beside));
    }

    private static void CheckSizes(string step, int hidden, int blocks)
    {
        Numbers.CheckCount(step, "a hidden width", hidden, least: 1);
        Numbers.CheckCount(step, "a number of blocks", blocks, least: 0);
    }

    private static long Features(Shape part) => part[Axis.Channels.In(part)];
}
