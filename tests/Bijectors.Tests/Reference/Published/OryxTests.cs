namespace Bijectors.Tests.Reference.Published;

/// <summary>
/// Numbers of the tests of oryx, which inverts programs; they were given for the inverse. What it must refuse stands
/// among the compiler's tests.
/// </summary>
public sealed class OryxTests : PublishedValuesTest
{
    private static readonly double s_log2 = Math.Log(2);

    [Fact]
    public void The_inverse_of_the_exponential() => Holds(~new Exp(), 2, s_log2, -s_log2);

    [Fact]
    public void The_inverse_of_the_square_root() => Holds(~new Sqrt(), 3, 9, s_log2 + Math.Log(3));

    [Fact]
    public void The_inverse_of_the_reciprocal() => Holds(~new Reciprocal(), 2, 0.5, Math.Log(0.25));

    [Fact]
    public void The_logit_near_1()
    {
        Holds(new Logit(), 0.9999, 9.21024036697585, 9.210440376976516);
        Holds(~new Sigmoid(), 0.9999, 9.21024036697585, 9.210440376976516);
    }

    [Fact]
    public void The_inverse_of_the_softplus() => Holds(~new Softplus(), 0.1, -2.2521684610440906, 2.3521684610440907);

    [Fact]
    public void Three_parts_that_condition_each_other()
    {
        var x = new[] { s_log2, 2 - (s_log2 * s_log2), s_log2 - 2 + (s_log2 * s_log2) };
        Holds(new ThreeCoupled(), x, [2, 2, 2], 2 * s_log2);
    }

    [Fact]
    public void Two_parts_of_which_the_second_reads_the_new_first() => Holds(new TwoCoupled(), [-1, 1], [0, 2], 0);
}
