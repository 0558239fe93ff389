using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference.Published;

/// <summary>Numbers of the tests of distrax, flowjax and zuko.</summary>
public sealed class OtherLibrariesTests : PublishedValuesTest
{
    [Theory]
    [InlineData(ScalarType.Float64, 1e-10)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void The_log_det_of_tanh_where_it_saturates_is_that_of_distrax(ScalarType dtype, double tolerance)
    {
        var (_, logDet) = new Tanh().ForwardWithLogDet(tensor([-10, -3.3, 0, 3.3, 10], dtype));
        var expected = tensor([-18.613705643002415, -5.216424526030629, 0, -5.216424526030629, -18.613705643002415]);
        Assert.True(logDet.to(ScalarType.Float64).allclose(expected, tolerance, 1e-12));
    }

    [Fact]
    public void A_line_is_that_of_flowjax() => Holds(new Affine(2, 0), 1, 2, Math.Log(2));

    [Fact]
    public void The_mask_of_ranks_is_that_of_flowjax()
    {
        // An output hears the inputs of lower rank: in (0, 1), out (0, 1, 1, 2). Our degrees begin at 1, and a feature
        // stands there once.
        var mask = new Made(3, hidden: 2, blockCount: 1, Generator).state_dict()["outputMask"].narrow(0, 0, 3);
        var rows = mask.index_select(0, tensor(new long[] { 0, 1, 1, 2 }));
        Assert.Equal([0, 0, 1, 0, 1, 0, 1, 1], rows.data<float>().ToArray());
    }

    [Fact]
    public void The_cosine_bisected_is_that_of_zuko()
    {
        // zuko says 1.5708.
        var f = new RisingCosine();
        Assert.Equal(1.5708, f.Inverse(tensor(0.0)).item<double>(), 4e-6);
        Holds(f, Math.PI / 2, 0, 0);
    }
}
