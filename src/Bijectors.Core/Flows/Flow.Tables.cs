using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <content>What the steps before the first bijector say of the columns of a table.</content>
public sealed partial class Flow
{
    /// <summary>
    /// The names of the categories of each column that holds some, in the order of their codes, by its place in a row:
    /// those that <see cref="FlowBuilder.Categories"/> was given. Empty where no column holds categories.
    /// </summary>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Categories =>
        FirstSteps().OfType<CategoricalDequantization>().SelectMany(layer => layer.Columns.Zip(Named(layer)))
            .ToDictionary(column => column.First, column => column.Second);

    /// <summary>
    /// The places of the columns in which entries of a row may be missing (NaN), see <see cref="Imputation"/>. Empty
    /// where none may.
    /// </summary>
    public IReadOnlyList<long> MissingColumns =>
        [.. FirstSteps().OfType<Imputation>().SelectMany(layer => layer.Columns)];

    /// <summary>The flow of data that steps which are no bijections turn into its own.</summary>
    /// <param name="layers">The steps, the first one first. They and the parts of this flow are taken over: this flow
    /// is used no more.</param>
    /// <exception cref="ShapeException">A step does not fit.</exception>
    /// <exception cref="DomainException">A step does not give what the next one, or this flow, is defined
    /// on.</exception>
    /// <exception cref="InvalidOperationException">Data of the flow are levels, which steps before it would
    /// change.</exception>
    public Flow After(params IReadOnlyList<StochasticLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            return this;
        }

        if (Levels is not null)
        {
            throw new InvalidOperationException(
                $"After: expected a flow of numbers, got {this} of {Levels} levels; steps stand behind Dequantize.");
        }

        Distribution inner = new Flow(EventShape, transform, @base, null, EmbeddedShape);
        foreach (var layer in layers.Reverse())
        {
            inner = new LatentDistribution(layer, inner);
        }

        return new(layers[0].EventShape, new Identity(), inner, null, ContextShape, embedding);
    }

    /// <summary>
    /// The flow behind the steps that data meet before the first bijector, and what these make of points: there is
    /// where a flow is inverted, since such steps are not. This flow and the points where there are none.
    /// </summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">Their contexts, where the flow takes some.</param>
    /// <param name="generator">What the steps draw their noise from; null for torch's global generator.</param>
    /// <returns>The flow, its points and their contexts; both fresh.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    public (Flow Flow, Tensor Points, Tensor? Context) BehindFirstSteps(
        Tensor x, Tensor? context = null, Generator? generator = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        using var scope = NewDisposeScope();
        Distribution p = this;
        var (points, read) = (x.alias(), context?.alias());
        while (true)
        {
            switch (p)
            {
                case Flow { Base: LatentDistribution } flow when Layering.IsIdentity(flow.Transform):
                    (p, read) = (flow.Base, flow.OfBase(flow.Embed(read)));
                    break;
                case LatentDistribution { Layer: var layer, Latent: var latent }:
                    (points, _) = layer.Encode(points, layer.ContextShape is null ? null : read, generator);
                    (p, read) = (latent, latent.ContextShape is null ? null : read);
                    break;
                case Flow flow:
                    return (flow, points.MoveToOuterDisposeScope(), read?.MoveToOuterDisposeScope());
                default:
                    return (this, x.alias().MoveToOuterDisposeScope(), context?.alias().MoveToOuterDisposeScope());
            }
        }
    }

    /// <summary>The steps that data meet before the first bijector.</summary>
    private IEnumerable<StochasticLayer> FirstSteps()
    {
        Distribution p = this;
        while (true)
        {
            p = p is Flow flow && Layering.IsIdentity(flow.Transform) ? flow.Base : p;
            if (p is not LatentDistribution { Layer: var layer, Latent: var latent })
            {
                yield break;
            }

            yield return layer;
            p = latent;
        }
    }

    /// <summary>The names of categories, numbers where they have none.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Named(CategoricalDequantization layer) => layer.Names
        ?? [.. layer.Shares.Select(shares => (string[])[.. Enumerable.Range(0, shares.Count).Select(k => $"{k}")])];
}
