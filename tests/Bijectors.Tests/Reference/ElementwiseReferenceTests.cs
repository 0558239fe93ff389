namespace Bijectors.Tests.Reference;

public sealed class ElementwiseReferenceTests
{
    [Theory]
    [InlineData("exp")]
    [InlineData("sigmoid")]
    [InlineData("softplus")]
    [InlineData("tanh")]
    [InlineData("power")]
    [InlineData("affine")]
    public void Elementwise_maps_agree_with_torch_distributions(string name)
    {
        var reference = ReferenceCase.Read("elementwise_" + name);
        Bijector f = name switch
        {
            "exp" => new Exp(),
            "sigmoid" => new Sigmoid(),
            "softplus" => new Softplus(),
            "tanh" => new Tanh(),
            "power" => new Power(reference.Number("exponent")),
            _ => new Affine(reference.Number("scale"), reference.Number("loc")),
        };

        reference.Check(f, eventRank: 0);
    }
}
