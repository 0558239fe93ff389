using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>
/// The power of positive data, from (0, inf) onto (-1/lambda, inf): both intervals are derived.
/// Source: Box, Cox 1964, An analysis of transformations, Journal of the Royal Statistical Society B 26 (2).
/// </summary>
[GeneratedBijector]
public sealed partial class BoxCox(double lambda) : Bijector
{
    [Positive]
    private readonly double _lambda = lambda > 0 ? lambda
        : throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "expected a power greater than 0");

    [Forward]
    private Tensor Map(Tensor x) => (torch.pow(x, _lambda) - 1) / _lambda;
}
