namespace Bijectors.Tests.Reference;

public sealed class ElementwiseReferenceTests
{
    [Theory]
    [InlineData("elementwise_exp")]
    [InlineData("elementwise_sigmoid")]
    [InlineData("elementwise_softplus")]
    [InlineData("elementwise_tanh")]
    [InlineData("elementwise_power")]
    [InlineData("elementwise_affine")]
    public void Elementwise_maps_agree_with_torch_distributions(string name)
    {
        var reference = ReferenceCase.Read(name);
        Bijector f = name switch
        {
            "elementwise_exp" => new Exp(),
            "elementwise_sigmoid" => new Sigmoid(),
            "elementwise_softplus" => new Softplus(),
            "elementwise_tanh" => new Tanh(),
            "elementwise_power" => new Power(reference.Number("exponent")),
            _ => new Affine(reference.Number("scale"), reference.Number("loc")),
        };

        reference.Check(f, eventRank: 0);
    }
}
