namespace Bijectors.Cli;

/// <summary>How many multiplications and additions of matrix products and convolutions a flow asks for; what is elementwise is not counted.</summary>
internal static class MatrixWork
{
    /// <summary>Operations of one density pass of one item. A training step needs three times as many: the products of the pass, those
    /// of the gradients of its inputs, and those of the gradients of its weights.</summary>
    public static double PerItem(Flow flow) => Of(flow.Transform, flow.EventShape);

    private static double Of(Bijector f, Shape input) => f switch
    {
        Chain chain => OfChain(chain, input),
        Along along => Of(along.Inner, Shape.Vector(input[along.Axis])) * input.Size / input[along.Axis],
        FactorOut factorOut => Of(factorOut.Rest, factorOut.Going(input)) + Own(factorOut, input, factorOut.Rest),
        _ => Own(f, input),
    };

    private static double OfChain(Chain chain, Shape shape)
    {
        var total = 0.0;
        foreach (var layer in chain.Layers)
        {
            total += Of(layer, shape);
            shape = layer.OutputShape(shape);
        }

        return total;
    }

    /// <summary>Each weight of a matrix meets every row once, each of a kernel every pixel.</summary>
    private static double Own(Bijector layer, Shape input, Bijector? without = null)
    {
        var others = without is null ? [] : without.parameters().Select(parameter => parameter.Handle).ToHashSet();
        var rows = input.Rank > layer.EventRank ? input.Leading(layer.EventRank).Size : 1;
        var pixels = input.Rank >= 3 ? input[-1] * input[-2] : 1;
        return layer.parameters().Where(parameter => !others.Contains(parameter.Handle)).Sum(parameter => parameter.dim() switch
        {
            2 => 2.0 * parameter.numel() * (layer is Conv1x1 ? pixels : rows),
            4 => 2.0 * parameter.numel() * pixels,
            _ => 0,
        });
    }
}
