namespace Bijectors.Testing;

/// <summary>
/// Passes of the parts of a point, at the same time; at each place that shares a bijector a point of its own.
/// </summary>
internal sealed class PlacedPass : Pass
{
    private readonly Stage _stage;
    private readonly IReadOnlyList<PartPass> _parts;

    public PlacedPass(LawContext lawContext, Stage stage, Shape shape, Tensor x, Tensor? context)
    {
        _stage = stage;
        var shapes = stage.From.Apart(shape);
        _parts = [.. stage.From.Apart(x).Select((part, i) => Part(part, shapes[i], stage.Children[i]))];
        Y = stage.Onto.Together([.. _parts.Select(part => part.Y)]);

        PartPass Part(Tensor part, Shape point, Bijector? child)
        {
            if (child is null)
            {
                return new(null, part, part.shape, part.shape, point);
            }

            var direction = Direction.StartingAt(point, child, stage.IsInverse);
            var places = part.numel() / part.shape[0] / point.Size;
            var each = context?.unsqueeze(1).expand([part.shape[0], places, context.shape[^1]]).flatten(0, 1);
            var pass = Of(lawContext, direction, part.reshape([-1, .. point.ToArray()]), each);
            long[] onto = [.. part.shape.AsSpan()[..^point.Rank], .. direction.OntoShape.ToArray()];
            return new(pass, pass.Y.reshape(onto), part.shape, onto, point);
        }
    }

    public override Tensor Y { get; }

    public override Tensor There(Tensor error) => Joined(
        _stage.From.Apart(error), _stage.Onto, (part, errors) =>
            part.Pass!.There(part.Points(errors)).reshape(part.Onto));

    public override Tensor Back(Tensor error) => Joined(
        _stage.Onto.Apart(error), _stage.From, (part, errors) =>
            part.Pass!.Back(errors.reshape(part.Pass.Y.shape)).reshape(part.From));

    public override Tensor OfLogDet(Tensor error)
    {
        var total = zeros(error.shape[0], error.dtype);
        foreach (var (part, errors) in _parts.Zip(_stage.From.Apart(error)))
        {
            if (part.Pass is { } pass)
            {
                total += pass.OfLogDet(part.Points(errors)).reshape(error.shape[0], -1).sum(-1);
            }
        }

        return total;
    }

    /// <summary>What is asked of each part, joined again; a part that passes unchanged keeps its error.</summary>
    private Tensor Joined(IReadOnlyList<Tensor> errors, View view, Func<PartPass, Tensor, Tensor> of) =>
        view.Together([.. _parts.Zip(errors, (part, error) => part.Pass is null ? error : of(part, error))]);

    /// <summary>
    /// The pass of one part, with its sizes before and after, its places included, and its event shape.
    /// </summary>
    private sealed record PartPass(Pass? Pass, Tensor Y, long[] From, long[] Onto, Shape Event)
    {
        /// <summary>Every place as a point of its own.</summary>
        public Tensor Points(Tensor part) => part.reshape([-1, .. Event.ToArray()]);
    }
}
