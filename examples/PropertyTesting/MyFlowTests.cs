using Bijectors;
using Bijectors.Testing;
using Xunit;

/// <summary>
/// All there is to it: every law on one bijector, and a theory with a test for each law on each bijector.
/// </summary>
public sealed class MyFlowTests
{
    [Fact]
    public void MyLayerKeepsTheLaws() => BijectorLaws.Check(() => new GoodLayer(4));

    public static LawTheory MyBijectors { get; } = new()
    {
        { "layer", () => new GoodLayer(4) },
        { "its inverse", () => ~new GoodLayer(4) },
        { "flow", () => new ActNorm(Shape.Vector(4)) >> new GoodLayer(4) >> new Reverse() },
    };

    [Theory]
    [MemberData(nameof(MyBijectors))]
    public void Keeps(string law, string bijector) => MyBijectors.Check(law, bijector);
}
