using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference.Published;

/// <summary>Numbers of the tests of Bijectors.jl and of what was reported there.</summary>
public sealed class BijectorsJlTests : PublishedValuesTest
{
    [Fact]
    public void The_root_of_a_planar_flow_far_from_its_bend()
    {
        const double Y = 0.8845640339582252;
        const double S = 0.8296950433716855;
        Holds(new PlanarAxis(S, -1e8), Y + S, Y, 0);
    }

    [Fact]
    public void The_inverse_of_the_logit_of_an_interval_far_out()
    {
        // x is 1 to the last digit; what comes back from there is lost, the log-det is not.
        var (x, logDet) = (new Affine(0.5, 0.5) >> new Logit()).InverseWithLogDet(tensor(80.0));
        Assert.Equal(1, x.item<double>());
        Assert.Equal(-79.30685281944005, logDet.item<double>(), 1e-10);
    }

    [Fact]
    public void A_lower_bound_and_a_point_next_to_it()
    {
        const double Low = 6.515552440303498;
        const double Y = -24.79099078521386;
        var f = new Shift(-Low) >> new Log();
        var (x, inverse) = f.InverseWithLogDet(tensor(Y));
        var (_, forward) = f.ForwardWithLogDet(x);
        Assert.Equal(Y, inverse.item<double>(), 1e-10);

        // The other way x is given, rounded to 8.9e-16 where it is only 1.7e-11 above the bound; log(x - low) cannot
        // know more than that.
        var rounding = (Math.BitIncrement(Low) - Low) / 2 / Math.Exp(Y);
        Assert.InRange(rounding, 1e-5, 3e-5);
        Assert.Equal(-Y, forward.item<double>(), rounding);
    }
}
