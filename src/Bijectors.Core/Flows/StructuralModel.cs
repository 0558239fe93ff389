using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A flow over a directed acyclic graph as a structural causal model: <c>x_i = F_i(x_pa(i), z_i)</c> with independent
/// noise <c>z = f(x)</c>. It answers what an intervention would give, and what a point would have been under one.
/// </summary>
/// <remarks>
/// <para>Needed is a flow in which <c>z_i</c> depends on <c>x_i</c> and on what feature i depends on in the graph, and
/// on nothing else: one autoregressive layer that follows the graph, several one after another, and maps of each
/// element. The constructor differentiates the flow at a few points and refuses another one. The answers are causal
/// where the graph is that of the data, nothing unobserved acts on two features, and the density was learned.</para>
/// <para>Under <c>do(x_i = a)</c> the noise of feature i takes the value at which <c>x_i = a</c>, feature after feature
/// in the order of the graph, and all other noise stays: two passes of the flow for each feature that is set. Source:
/// Balgi, Daoud, Pena, Wodtke, Zhou 2024, Deep learning with DAGs, arXiv 2401.06864; the noise that sets a feature
/// after Javaloy, Sanchez-Martin, Valera 2023, Causal normalizing flows, arXiv 2306.05415.</para>
/// </remarks>
public sealed class StructuralModel
{
    // At one point a derivative may be zero by chance.
    private const int Points = 3;

    /// <summary>A model; it holds the flow and does not own it.</summary>
    /// <param name="flow">A flow of vectors whose base has independent elements.</param>
    /// <param name="graph">The graph that it follows.</param>
    /// <exception cref="ShapeException">The flow has other features than the graph.</exception>
    /// <exception cref="ArgumentException">The flow is one of whole numbers, its density is a bound only, or its noise
    /// depends on features that the graph does not name.</exception>
    public StructuralModel(Flow flow, DirectedGraph graph)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(graph);
        var shape = Shape.Vector(graph.Count);
        if (flow.EventShape != shape || flow.BaseShape != shape)
        {
            throw new ShapeException(
                nameof(StructuralModel), $"expected a flow of {shape} into {shape}, the features of the graph",
                $"got one of {flow.EventShape} into {flow.BaseShape}");
        }

        if (flow.Levels is not null || !flow.HasExactLogProb)
        {
            throw new ArgumentException(
                $"StructuralModel: expected a flow of continuous features with a density, got {flow}"
                + $"{(flow.Levels is { } levels ? $" of {levels} levels" : "")}.",
                nameof(flow));
        }

        (Flow, Graph) = (flow, graph);
        CheckGraph();
    }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>The graph that it follows.</summary>
    public DirectedGraph Graph { get; }

    /// <summary>The noise of observed points, <c>z = f(x)</c>: the first step of a counterfactual.</summary>
    /// <param name="x">Points, <c>(batch..., D)</c>.</param>
    /// <param name="context">What the flow is conditioned on.</param>
    /// <returns><c>(batch..., D)</c></returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    public Tensor Abduct(Tensor x, Tensor? context = null)
    {
        var (z, logDet) = Flow.Encode(x, context);
        logDet.Dispose();
        return z;
    }

    /// <summary>What noise gives under interventions.</summary>
    /// <param name="z">Noise, <c>(batch..., D)</c>.</param>
    /// <param name="interventions">What is set; nothing for the observed model.</param>
    /// <param name="context">What the flow is conditioned on.</param>
    /// <returns><c>(batch..., D)</c>, with gradients where the noise or the flow take them.</returns>
    /// <exception cref="ShapeException">The noise or the context have another shape.</exception>
    /// <exception cref="ArgumentException">A feature does not exist or is set twice, or a value is outside of the
    /// support.</exception>
    public Tensor Predict(Tensor z, IReadOnlyCollection<Intervention> interventions, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        Check(interventions);
        using var scope = NewDisposeScope();
        var x = Flow.Decode(z, context);
        foreach (var (feature, value) in interventions.OrderBy(set => Place(set.Feature)))
        {
            // What feature depends on is as it will be, so its own noise is what gives the value.
            var others = One(feature).logical_not();
            var needed = Abduct(x.where(others, full_like(x, value)), context);
            z = z.where(others, needed);
            x = Flow.Decode(z, context).where(others, full_like(x, value));
        }

        // Values that were set first, as they are and not as they come back.
        foreach (var (feature, value) in interventions)
        {
            x = x.where(One(feature).logical_not(), full_like(x, value));
        }

        return x.MoveToOuterDisposeScope();

        Tensor One(int feature) => arange(Graph.Count, device: x.device) == feature;
    }

    /// <summary>Draws points of the distribution under interventions, <c>p(x | do(x_i = a, ...))</c>.</summary>
    /// <param name="count">The number n of points.</param>
    /// <param name="interventions">What is set; nothing for the observed distribution.</param>
    /// <param name="context">One context for all, <c>(context...)</c>, or one each, <c>(n, context...)</c>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(n, D)</c></returns>
    /// <exception cref="ArgumentException">As for <see cref="Predict"/>.</exception>
    public Tensor Sample(
        long count, IReadOnlyCollection<Intervention> interventions, Tensor? context = null,
        Generator? generator = null)
    {
        Check(interventions);
        using var read = Flow.Base.ContextShape is null ? null : Flow.Embed(context);
        using var z = Flow.Base.Sample(count, read, generator);
        return Predict(z, interventions, context);
    }

    /// <summary>What observed points would have been under interventions: their noise stays, <see cref="Abduct"/> and
    /// <see cref="Predict"/>.</summary>
    /// <param name="x">Points, <c>(batch..., D)</c>.</param>
    /// <param name="interventions">What is set.</param>
    /// <param name="context">What the flow is conditioned on.</param>
    /// <returns><c>(batch..., D)</c></returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Predict"/>.</exception>
    public Tensor Counterfactual(Tensor x, IReadOnlyCollection<Intervention> interventions, Tensor? context = null)
    {
        Check(interventions);
        using var z = Abduct(x, context);
        return Predict(z, interventions, context);
    }

    private int Place(int feature) => Graph.Order.TakeWhile(other => other != feature).Count();

    private void Check(IReadOnlyCollection<Intervention> interventions)
    {
        ArgumentNullException.ThrowIfNull(interventions);
        foreach (var (feature, value) in interventions)
        {
            if (feature < 0 || feature >= Graph.Count || interventions.Count(set => set.Feature == feature) > 1)
            {
                throw new ArgumentException(
                    $"StructuralModel: expected different features from 0 to {Graph.Count - 1} to be set, got "
                    + $"[{string.Join(", ", interventions.Select(set => set.Feature))}].",
                    nameof(interventions));
            }

            if (!double.IsFinite(value))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"StructuralModel: expected a finite value of feature {feature}, got {value}."),
                    nameof(interventions));
            }
        }
    }

    /// <summary>Differentiates the noise by the features.</summary>
    private void CheckGraph()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        Tensor x;
        var context = Flow.ContextShape is { } shape
            ? zeros([Points, .. shape.ToArray()], Flow.Dtype, Flow.Device)
            : null;
        using (no_grad())
        {
            x = Flow.Sample(Points, context, generator);
        }

        using var graded = enable_grad();
        x = x.detach().requires_grad_();
        var z = Abduct(x, context);
        for (var i = 0; i < Graph.Count; i++)
        {
            var slopes = autograd.grad([z.select(1, i).sum()], [x], retain_graph: true)[0];
            for (var j = 0; j < Graph.Count; j++)
            {
                if (i != j && !Graph.Depends(i, j) && (slopes.select(1, j).abs() > 0).any().item<bool>())
                {
                    throw new ArgumentException(
                        $"StructuralModel: expected noise {i} to depend on feature {i} and on what that depends on in "
                        + $"the graph {Graph}, got one that depends on feature {j}.",
                        "flow");
                }
            }
        }
    }
}
