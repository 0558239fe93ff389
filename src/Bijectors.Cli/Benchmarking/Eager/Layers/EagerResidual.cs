namespace Bijectors.Cli;

/// <summary>
/// <c>y = x + g(x)</c> with the exact <c>log|det(I + dg/dx)|</c>, row by row as libraries of residual flows take it;
/// the inverse is the limit of <c>x = y - g(x)</c>.
/// </summary>
/// <remarks>
/// g has layers of spectral norm <c>c^(1/L)</c> at most and LipSwish in between; the norms are taken once in a pass.
/// Source: Chen et al. 2019, Residual flows, arXiv 1906.02735.
/// </remarks>
internal sealed class EagerResidual(EagerState state, double constant) : EagerLayer
{
    private const int MostSteps = 10_000;

    private readonly (Tensor Weight, Tensor Bias)[] _layers =
        [.. state.Each("layers").Select(layer => (layer["weight"], layer["bias"]))];

    private readonly Tensor _bends = state["bends"];

    public override (Tensor Y, Tensor LogDet) Forward(Tensor x)
    {
        var isTrained = is_grad_enabled();
        using var entering = enable_grad();
        var variable = isTrained && x.requires_grad ? x : x.detach().requires_grad_();
        var value = Evaluate(variable, Weights());
        var rows = Enumerable.Range(0, (int)x.size(1)).Select(i =>
        {
            using var picked = zeros_like(value);
            using var column = picked.narrow(1, i, 1).fill_(1);
            return autograd.grad([value], [variable], [picked], retain_graph: true, create_graph: isTrained)[0];
        });
        var jacobian = stack([.. rows], 1) + eye(x.size(1), dtype: x.dtype);
        var logDet = linalg.slogdet(jacobian).Item2;
        return isTrained ? (x + value, logDet) : (x + value.detach(), logDet.detach());
    }

    public override Tensor Inverse(Tensor y)
    {
        using var scope = NewDisposeScope();
        var weights = Weights();
        var x = y.alias();
        for (var step = 0; step < MostSteps; step++)
        {
            using var pass = NewDisposeScope();
            using var previous = x;
            x = y - Evaluate(previous, weights);
            var isSettled = ((x - previous).abs() <= 2 * finfo(y.dtype).eps * (1 + x.abs())).all().item<bool>();
            x.MoveToOuterDisposeScope();
            if (isSettled)
            {
                break;
            }
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor[] Weights()
    {
        var limit = Math.Pow(constant, 1.0 / _layers.Length);
        return
        [
            .. _layers.Select(layer => layer.Weight / (linalg.matrix_norm(layer.Weight, 2) / limit).clamp(min: 1)),
        ];
    }

    private Tensor Evaluate(Tensor x, Tensor[] weights)
    {
        var h = nn.functional.linear(x, weights[0], _layers[0].Bias);
        for (var i = 1; i < weights.Length; i++)
        {
            h = h * (h * _bends[i - 1].exp()).sigmoid() / 1.1;
            h = nn.functional.linear(h, weights[i], _layers[i].Bias);
        }

        return h;
    }
}
