using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How many multiplications and additions of matrix products and convolutions a flow asks for; what is elementwise is
/// not counted.
/// </summary>
internal static class MatrixWork
{
    /// <summary>Operations of one density pass of one item. A training step needs three times as many: the products of
    /// the pass, those of the gradients of its inputs, and those of the gradients of its weights.</summary>
    public static double PerItem(Flow flow) => Of(flow.Transform, flow.EventShape);

    private static double Of(Bijector f, Shape input)
    {
        var total = 0.0;
        var inside = new HashSet<nint>();
        var shape = input;
        foreach (var stage in f.Stages)
        {
            var parts = stage.From.Apart(shape);
            for (var i = 0; i < stage.Children.Count && !stage.IsOwn; i++)
            {
                if (stage.Children[i] is { } child)
                {
                    // What is shared over places is used once at each.
                    var places = (double)shape.Size / parts.Sum(part => part.Size);
                    total += places * Of(child, stage.IsInverse ? child.InputShape(parts[i]) : parts[i]);
                    inside.UnionWith(child.parameters().Select(parameter => parameter.Handle));
                }
            }

            shape = stage.IsFormula ? shape : stage.OutputShape(shape);
        }

        return total + Own(f, input, f.parameters().Where(parameter => !inside.Contains(parameter.Handle)));
    }

    /// <summary>Each weight of a matrix meets every vector along its axis once, each of a kernel every pixel.</summary>
    private static double Own(Bijector layer, Shape input, IEnumerable<Tensor> weights)
    {
        var rows = layer.AffineAxis is { } axis and < 0 ? input.Size / input[axis]
            : input.Rank > layer.EventRank ? input.Leading(layer.EventRank).Size : 1;
        var pixels = input.Rank >= 3 ? input[-1] * input[-2] : 1;
        var own = weights.DistinctBy(weight => weight.Handle).ToDictionary(weight => weight.Handle);
        var products = 0.0;
        foreach (var network in layer.modules().OfType<IMatrixWork>())
        {
            // Those of bijectors inside are counted there.
            var parameters = ((nn.Module)network).parameters().Select(parameter => parameter.Handle).ToList();
            var isOwn = parameters.Count > 0 && parameters.All(own.ContainsKey);
            products += isOwn ? rows * network.MatrixOperations(input) : 0;
            parameters.ForEach(parameter => own.Remove(parameter));
        }

        return products + own.Values.Sum(weight => weight.dim() switch
        {
            2 => 2.0 * weight.numel() * rows,
            4 => 2.0 * weight.numel() * pixels,
            _ => 0,
        });
    }
}
