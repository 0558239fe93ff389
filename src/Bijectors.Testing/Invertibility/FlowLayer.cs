namespace Bijectors.Testing;

/// <summary>A layer of a flow that can be run on its own on the point that reaches it.</summary>
/// <param name="Path">Its name among the modules of the flow.</param>
/// <param name="Module">The layer itself.</param>
/// <param name="Direction">The layer as it acts on a whole point.</param>
internal sealed record FlowLayer(string Path, Bijector Module, Direction Direction)
{
    /// <summary>The layers of a flow, the one that meets the data first.</summary>
    public static IReadOnlyList<FlowLayer> Of(Flow flow)
    {
        var names = new Dictionary<object, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in flow.named_modules())
        {
            names.TryAdd(module, name);
        }

        return [.. Steps(flow.Transform, false, flow.EventShape)
            .Select(step => new FlowLayer(names.GetValueOrDefault(step.Module, ""), step.Module, step.Direction))];
    }

    /// <summary>
    /// What a direction of a bijector runs one after another, parts of a point one after another as well, so that a
    /// layer inside can be named.
    /// </summary>
    private static IReadOnlyList<Step> Steps(Bijector f, bool isInverse, Shape shape)
    {
        var steps = new List<Step>();
        var point = shape;
        foreach (var stage in Structure.Of(f, isInverse))
        {
            if (stage.IsWhole)
            {
                var inside = Steps(stage.Children[0]!, stage.IsInverse, point);
                steps.AddRange(stage.IsOwn ? inside.Select(step => step with { Module = f }) : inside);
            }
            else if (OnParts(stage, point) is { } placed)
            {
                steps.AddRange(placed);
            }
            else
            {
                steps.Clear();
                break;
            }

            point = stage.OutputShape(point);
        }

        return steps.Count == 0 ? [new(f, Direction.StartingAt(shape, f, isInverse))] : steps;
    }

    /// <summary>
    /// The layers of each part, one after another; null where it cannot be said of whole points where they are
    /// defined.
    /// </summary>
    private static List<Step>? OnParts(Stage stage, Shape shape)
    {
        var point = new PartsPoint(stage.From, shape, [.. stage.From.Apart(shape)]);
        var last = new PartsPoint(
            stage.Onto, stage.OutputShape(shape), [.. point.Events.Select((part, i) => stage.OutputShape(i, part))]);
        var all = point.Events.SelectMany((part, i) => stage.Children[i] is { } child
            ? Steps(child, stage.IsInverse, part).Select(step => (Index: i, Step: step))
            : []).ToList();
        var steps = new List<Step>();
        foreach (var (index, step) in all)
        {
            var next = steps.Count == all.Count - 1 ? last : point.With(index, step.Direction.OntoShape);
            if (PlacedLayer.Of(step.Direction, index, point, next) is not { } layer)
            {
                return null;
            }

            steps.Add(new(step.Module, Direction.StartingAt(point.Whole, layer, false)));
            point = next;
        }

        return all.Count > 0 || ReferenceEquals(stage.From, stage.Onto) ? steps : null;
    }

    private sealed record Step(Bijector Module, Direction Direction);
}
