using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>What a chain is simplified to has the domain and the codomain of what was written down.</summary>
public sealed class RewritingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    public static TheoryData<string> Names => [.. Catalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bijector_and_its_inverse_are_the_identity_of_its_domain(string name)
    {
        var f = Catalogue.All.Single(entry => entry.Name == name).Make(0);
        Keeps(f, ~f, f.Domain);
        Keeps(~f, f, f.Codomain);
        if (f.Domain == Domain.Real)
        {
            Assert.IsType<Identity>(f >> ~f);
        }

        static void Keeps(Bijector first, Bijector second, Domain domain)
        {
            if (!second.Domain.Includes(first.Codomain))
            {
                return; // A domain that is not known is refused, whatever follows.
            }

            var both = first >> second;
            Assert.Equal((domain.ToString(), domain.ToString()), (both.Domain.ToString(), both.Codomain.ToString()));
        }
    }

    [Fact]
    public void A_pair_vanishes_where_only_its_domain_reaches_it()
    {
        var log = new Log();
        Assert.IsType<Exp>(new Exp() >> log >> ~log);
        Assert.Equal(2, Layers(new Sigmoid() >> log >> ~log >> new Logit()));
        Assert.Same(log, log >> ~log >> log);

        // Here it is the pair that bounds the points.
        Assert.Equal(2, Layers(log >> ~log));
        Assert.Equal(
            Domain.Interval(-1, double.PositiveInfinity), (new Shift(1) >> log >> ~log >> new Shift(-1)).Domain);
        Assert.Equal(Domain.Positive, (log >> ~log >> new Sqrt() >> new Square()).Domain);
        Assert.Equal("Positive x Real by halves", Lower((log >> ~log).On(Partition.Halves()).Domain));
        Assert.Equal(Domain.Positive,
            new Parallel(log >> ~log, new Exp() >> new Log() >> new Exp(), Partition.Halves()).Codomain);

        static int Layers(Bijector f) => ((Chain)f).Layers.Count;
        static string Lower(Domain domain) =>
            domain.ToString().Replace("Halves", "halves", StringComparison.Ordinal).Split('(')[0];
    }

    [Fact]
    public void No_density_is_given_where_a_pair_is_not_defined()
    {
        var log = new Log();
        Assert.Throws<DomainException>(() => new Flow(Shape.Vector(1), log >> ~log, Distribution.StandardNormal));
        using var flow = new Flow(Shape.Vector(1), log >> ~log >> log, Distribution.StandardNormal);
        Assert.Equal(double.NegativeInfinity, flow.LogProb(full([1, 1], -1f)).ToDouble());
    }

    [Fact]
    public void The_inverse_of_a_chain_onto_a_part_of_what_its_last_layer_reaches_is_a_layer()
    {
        var chain = new Sigmoid() >> new Softplus();
        foreach (var inverse in new[] { Chain.Of(~chain), new Identity() >> ~chain,
            ~chain >> new Negate() >> new Negate() })
        {
            Assert.Equal((chain.Codomain, Domain.Real), (inverse.Domain, inverse.Codomain));
        }

        var there = chain.Forward(zeros(1, ScalarType.Float64));
        Assert.Equal(0, (~chain >> new Sinh()).Forward(there).ToDouble(), 12);
        Assert.Equal((chain.Codomain, chain.Codomain), ((~chain >> chain).Domain, (~chain >> chain).Codomain));
        Assert.Throws<DomainException>(() => new Exp() >> ~chain);
    }
}
