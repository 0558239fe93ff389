using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference.Published;

/// <summary>
/// Numbers of TensorFlow Probability's tests. Its forward is their way; where that is our inverse, it says so.
/// </summary>
public sealed class TensorFlowProbabilityTests : PublishedValuesTest
{
    private static readonly double[] s_logs = [0, Math.Log(2), Math.Log(3)];

    private static Bijector Diagonal =>
        new Standardize(zeros(3, ScalarType.Float64), 1 / tensor(new double[] { 1, 2, 3 }));

    [Fact]
    public void A_chain_of_a_diagonal_and_then_the_exponential() =>
        Holds(Diagonal >> new Exp(), s_logs, [1, 4, 27], 6.473890696352274);

    [Fact]
    public void A_chain_of_the_exponential_and_then_a_diagonal() =>
        Holds(new Exp() >> Diagonal, s_logs, [1, 4, 9], 3.58351893845611);

    [Theory]
    [InlineData(-3, 0.5, 2)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 7, -5)]
    public void The_exponential_after_the_softplus_is_1_plus_e_to_the_x(double a, double b, double c) => Holds(
        new Softplus() >> new Exp(), [a, b, c], [1 + Math.Exp(a), 1 + Math.Exp(b), 1 + Math.Exp(c)], a + b + c);

    [Theory]
    [InlineData(2, new double[] { 1, 2 }, new double[] { 2, 6 }, new[] { 0.5, 0.5 })]
    [InlineData(3, new double[] { 1, 2 }, new double[] { 3, 9 }, new[] { 1 / 3.0, 1 / 3.0 })]
    public void A_lower_triangle_with_one_number(double k, double[] x, double[] y, double[] preimageOfX)
    {
        // [[k, 0], [k, k]] is [[1, 0], [1, 1]] times k.
        var f = new PluLinear(2, Generator).With(
            ("factors", tensor(new[,] { { Math.Log(k), 0 }, { 1, Math.Log(k) } })), ("bias", zeros(2)),
            ("sign", ones(2)), ("order", arange(2)), ("inverseOrder", arange(2)));
        ReferenceCase.AssertClose(tensor(new[,] { { k, 0 }, { k, k } }), f.Weight());
        Holds(f, x, y, 2 * Math.Log(k));
        Holds(f, preimageOfX, x, 2 * Math.Log(k));
    }

    [Theory]
    [InlineData(new double[] { 2, 0, 0 }, new double[] { 2, 3, 4 })]
    [InlineData(new[] { 4, 1.3862943611198906, 1.6094379124341003 }, new double[] { 4, 8, 13 })]
    public void Ascending_vectors(double[] x, double[] y) => Holds(new Steps(), x, y, x[1] + x[2]);

    [Fact]
    public void A_heavy_tail()
    {
        using var gradients = no_grad();

        // Published to six digits.
        Assert.Equal(1.051271, new HeavyTail(0.1).Forward(tensor(1.0)).item<double>(), 5e-7);
        Holds(new HeavyTail(0.2), 1, Math.Exp(0.1), 0.1 + Math.Log(1.2));
    }

    [Fact]
    public void The_log_dets_of_two_scales_differ_by_the_logarithm_of_their_ratio()
    {
        var x = tensor([0.7, -3]);
        ReferenceCase.AssertClose(
            tensor(new[] { Math.Log(3) - Math.Log(2), Math.Log(3) - Math.Log(2) }),
            new Scale(3).ForwardWithLogDet(x).LogDet - new Scale(-2).ForwardWithLogDet(x).LogDet);

        static Bijector Diagonal(double a, double b) => new Parallel(new Scale(a), new Scale(b), Partition.First(1));
        ReferenceCase.AssertClose(
            tensor(Math.Log(3) - Math.Log(7)),
            Diagonal(3, 2).ForwardWithLogDet(x).LogDet - Diagonal(-2, 7).ForwardWithLogDet(x).LogDet);
    }

    [Fact]
    public void The_masks_of_a_masked_autoregressive_network()
    {
        var state = new Made(3, hidden: 4, blockCount: 1, Generator).state_dict();

        // Theirs are (inputs, outputs), with hidden units sorted by degree and the two parameters of an
        // input side by side.
        var byDegree = state["inputMask"].sum(1).argsort();
        var hidden = state["hiddenMask"].index_select(0, byDegree).index_select(1, byDegree).t();
        var output = state["outputMask"].index_select(1, byDegree).reshape(2, 3, 4).transpose(0, 1).reshape(6, 4).t();
        Assert.Equal([1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], Numbers(state["inputMask"].index_select(0, byDegree).t()));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], Numbers(hidden));
        Assert.Equal([0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1], Numbers(output));

        static float[] Numbers(Tensor mask) => mask.contiguous().data<float>().ToArray();
    }

    [Fact]
    public void The_logarithm_of_the_softplus_keeps_its_slope_far_to_the_left()
    {
        // In float32; the slope is 1 - e^x / 2 there, and theirs asks for 1e-3.
        var x = linspace(-50, -8, 1000, ScalarType.Float32).requires_grad_();
        (new Softplus() >> new Log()).Forward(x).sum().backward();
        Assert.True((x.grad! - 1).abs().max().item<float>() < 1e-3);
    }
}
