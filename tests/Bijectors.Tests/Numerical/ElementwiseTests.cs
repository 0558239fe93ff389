using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class ElementwiseTests : NumericalTest
{
    [Fact]
    public void Powers_by_a_tensor_are_powers_by_its_entries()
    {
        double[] exponents = [2, -0.5, 3, 0.25];
        var k = tensor(exponents);
        var x = (Random(5, 4) / 2).exp();
        var (root, slope) = (Elementwise.Root(x, k), Elementwise.PowLogSlope(x, k));
        AssertClose(x, root.pow(k), 1e-13);
        for (var i = 0; i < exponents.Length; i++)
        {
            AssertClose(Elementwise.Root(x.select(1, i), exponents[i]), root.select(1, i), 1e-13);
            AssertClose(Elementwise.PowLogSlope(x.select(1, i), exponents[i]), slope.select(1, i), 1e-13);
        }

        Assert.Equal(0, Survivors(() =>
        {
            Elementwise.Root(x, k).Dispose();
            Elementwise.PowLogSlope(x, k).Dispose();
        }));
    }

    [Fact]
    public void At_a_bend_slopes_and_gradients_are_those_of_torch()
    {
        var x = zeros(1, dtype: ScalarType.Float64).requires_grad_();
        Tensor Slope(Func<Tensor, Tensor> map) => GradientsOf(() => map(x), ones_like(x), x)[0];

        AssertClose(Slope(h => nn.functional.selu(h)).log(), Elementwise.SeluLogSlope(x), 1e-15);
        AssertClose(1 / Slope(h => nn.functional.selu(h)), Slope(Elementwise.SeluInverse), 1e-15);
        AssertClose(1 / Slope(h => nn.functional.elu(h, 1)), Slope(Elementwise.EluInverse), 1e-15);
        AssertClose(Slope(h => nn.functional.leaky_relu(h, 0.2)).log(), Elementwise.LeakyReluLogSlope(x, 0.2), 1e-15);
    }
}
