using Bijectors.Testing;
using static TorchSharp.torch;
using static TorchSharp.torch.distributions.transforms;

namespace Bijectors.Tests.Laws;

/// <summary>
/// The laws find what is wrong with the transforms of <c>torch.distributions</c>, and nothing wrong with
/// those that are right.
/// </summary>
public sealed class BorrowedTests
{
    private static readonly Dictionary<string, Func<Bijector>> s_borrowed = new()
    {
        ["exp"] = () => new Borrowed(new ExpTransform()) { Onto = Domain.Positive },
        ["sigmoid"] = () => new Borrowed(new SigmoidTransform()) { Onto = Domain.Unit },
        ["power"] =
            () => new Borrowed(new PowerTransform(tensor(3.0))) { From = Domain.Positive, Onto = Domain.Positive },
        ["affine"] = () => new Borrowed(new AffineTransform(1.5, -2)),
        ["affine of vectors"] = () => new Borrowed(new AffineTransform(1.5, -2, 1), 1),
        ["log"] = () => new Borrowed(new LogTransform()) { From = Domain.Positive },
        ["tanh"] = () => new Borrowed(new TanhTransform()) { Onto = Domain.Interval(-1, 1) },
        ["softplus"] = () => new Borrowed(new SoftplusTransform()) { Onto = Domain.Positive },
        ["compose"] = () => new Borrowed(new ComposeTransform([new AffineTransform(1.5, -2), new ExpTransform()]))
        {
            Onto = Domain.Positive,
        },
        ["reshape"] = () => new Borrowed(new ReshapeTransform([3], [3, 1]), 1) { Becomes = Shape.Of(3, 1) },
    };

    [Theory]
    [InlineData("exp")]
    [InlineData("sigmoid")]
    [InlineData("power")]
    [InlineData("affine")]
    public void WhatIsRightIsAccepted(string transform) => BijectorLaws.Check(s_borrowed[transform], Shape.Vector(3));

    [Theory]
    [InlineData("log", "LogDet", "ForwardWithLogDet(x).LogDet")]
    [InlineData("tanh", "LogDet", "ForwardWithLogDet(x).LogDet")]
    [InlineData("softplus", "RoundTrip", "Inverse(Forward(x))")]
    [InlineData("softplus", "LogDet", "ForwardWithLogDet(x).LogDet")]
    [InlineData("compose", "LogDet", "ForwardWithLogDet(x).LogDet")]
    [InlineData("compose", "RoundTrip", "NotImplementedException")]
    [InlineData("reshape", "RoundTrip", "ExternalException: shape")]
    [InlineData("affine of vectors", "LogDet", "IndexOutOfRangeException")]
    public void WhatIsWrongIsFound(string transform, string law, string says)
    {
        var violation = Assert.Throws<LawViolationException>(
            () => BijectorLaws.All.Single(known => known.Name == law)
                .Check(new LawCase(_ => s_borrowed[transform](), Shape.Vector(3))));
        Assert.Contains(says, violation.Message);
    }
}
