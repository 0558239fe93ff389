using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class ChainTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void Methods_say_what_the_operators_say()
    {
        var (f, g) = (new Sinh(), new Affine(2, 1));
        Assert.Equal((f >> ~g).ToString(), f.Then(g.Inverted()).ToString());
        Assert.Same(f, f.Inverted().Inverted());
    }

    [Fact]
    public void A_bijector_and_its_inverse_vanish()
    {
        var f = new Sinh();
        Assert.IsType<Identity>(f >> ~f);
        Assert.IsType<Identity>(~f >> f);
        Assert.Same(f, ~~f);
    }

    [Fact]
    public void A_chain_and_its_inverse_vanish_layer_by_layer()
    {
        var chain = new Sinh() >> new ActNorm(Shape.Vector(4)) >> new PluLinear(4, _generator);
        Assert.IsType<Identity>(chain >> ~chain);
        Assert.Same(chain, ~~chain);
    }

    [Fact]
    public void Chains_are_flattened_and_identities_dropped()
    {
        var (f, g, h) = (new Sinh(), new Asinh(), new Tanh());
        var chain = Assert.IsType<Chain>(Chain.Of(f >> g, new Identity(), h));
        Assert.Equal([f, g, h], chain.Layers);
        Assert.Same(f, Chain.Of(new Identity(), f));
    }

    [Fact]
    public void Bijectors_that_only_look_the_same_do_not_vanish()
    {
        var chain = Assert.IsType<Chain>(new Softplus() >> ~new Softplus());
        Assert.Equal(2, chain.Layers.Count);
    }

    [Fact]
    public void What_goes_on_after_factoring_out_is_a_map_of_all_reals()
    {
        Assert.Throws<DomainException>(() => new FactorOut(Partition.Halves(), new Logit(), null, Shape.Vector(4)));
        var error =
            Assert.Throws<DomainException>(() => new FactorOut(Partition.Halves(), new Exp(), null, Shape.Vector(4)));
        Assert.Equal("FactorOut -> rest (Exp): expected values in Real, got Positive.", error.Message);
    }

    [Fact]
    public void Adjacent_rearrangements_merge()
    {
        Assert.IsType<Identity>(new Reverse() >> new Reverse());
        Assert.IsType<Identity>(new Roll(3) >> new Roll(-3));
        Assert.IsType<Chain>(new Reverse(-1) >> new Reverse(-2));

        var (p, q) = (Permute.Random(7, _generator), Permute.Random(7, _generator));
        var merged = Assert.IsType<Permute>(p >> q);
        var x = randn(3, 7);
        Assert.True(merged.Forward(x).Equals(q.Forward(p.Forward(x))));
    }

    [Fact]
    public void What_is_saved_does_not_depend_on_what_was_drawn()
    {
        // Orders that happen to undo each other are orders all the same; a permutation and its own inverse vanish.
        var still = Assert.IsType<Permute>(new Permute([2, 0, 1]) >> ~new Permute([2, 0, 1]));
        Assert.True(still.Forward(arange(3, ScalarType.Float32)).Equals(arange(3, ScalarType.Float32)));
        Assert.IsType<ElementPermutation>(
            new ElementPermutation(Shape.Vector(2), [1, 0]) >> new ElementPermutation(Shape.Vector(2), [1, 0]));
        var p = Permute.Random(5, _generator);
        Assert.IsType<Identity>(p >> ~p);
        Assert.IsType<Identity>(Chain.Of(~p, new Reverse(), new Reverse(), p));
    }

    [Fact]
    public void What_vanishes_brings_its_neighbours_together()
    {
        var f = new Softplus();
        Assert.IsType<Identity>(new Reverse() >> f >> ~f >> new Reverse());
    }

    [Fact]
    public void The_event_rank_counts_from_the_first_layer()
    {
        var f = Chain.Of(new Sinh(), new Flatten(Shape.Image(1, 2, 3)), new PluLinear(6, _generator));
        Assert.Equal(3, f.EventRank);
        Assert.Equal(1, f.OutputEventRank);

        var g =
            Chain.Of(new Reshape(Shape.Vector(6), Shape.Image(1, 2, 3)), new Squeeze(1), new Conv1x1(1, _generator));
        Assert.Equal(1, g.EventRank);
        Assert.Equal(3, g.OutputEventRank);

        var h = Chain.Of(new PluLinear(6, _generator), new Flatten(Shape.Of(2, 6)));
        Assert.Equal(2, h.EventRank);
    }

    [Fact]
    public void A_shape_error_names_the_places_the_bijector_and_both_sizes()
    {
        var chain = new Sinh() >> (new ActNorm(Shape.Vector(3)) >> new PluLinear(3, _generator)).Along(-2);
        var error = Assert.Throws<ShapeException>(() => chain.OutputShape(Shape.Of(4, 5)));
        Assert.Equal("Chain[1] > Along(-2) > Chain[0] (ActNorm(-1)): expected 3 channels in dimension -1, got (4).",
            error.Message);
        Assert.Throws<ShapeException>(() => chain.Forward(zeros(2, 4, 5)));
    }

    [Fact]
    public void A_domain_error_names_both_parties()
    {
        var error = Assert.Throws<DomainException>(() => new Sinh() >> new Softplus() >> new Reverse() >> new Logit());
        Assert.Equal(
            "Chain[1] (Softplus) -> Chain[3] (Logit): expected values in (0, 1), got Positive.", error.Message);
        Assert.DoesNotContain("rounding", error.Message);
        var rounded = Assert.Throws<DomainException>(
            () => new Sigmoid() >> new Affine(0.1, 0.2) >> new Affine(10, -2) >> new Logit());
        Assert.Contains(
            "expected values in (0, 1), got (0, 1.0000000000000004). They differ by a rounding: ", rounded.Message);
        Assert.Throws<DomainException>(() => new Softplus() >> new Negate() >> new Log());
    }

    [Fact]
    public void Lines_and_rearrangements_carry_domains_along()
    {
        Assert.Equal(Domain.Interval(0, 256), (new Scale(1 / 256.0) >> new Logit()).Domain);
        Assert.Equal(Domain.Interval(-1, 1), (new Sigmoid() >> new Affine(2, -1)).Codomain);
        Assert.Equal(Domain.Real, (new Sigmoid() >> new Affine(2, -1) >> new Reverse() >> new Atanh()).Codomain);
        Assert.Equal(
            Domain.Real, (new Sigmoid() >> (new Reverse() >> new Affine(-1, 1)).Along(-2) >> new Logit()).Codomain);
        Assert.Equal(
            Domain.Unit, (~new Scale(2) >> new Negate() >> new Affine(2, 1) >> new Logit() >> ~new Logit()).Codomain);
    }

    [Fact]
    public void A_rearrangement_moves_the_domains_of_parts()
    {
        var f = new Permute([1, 2, 0]) >> new Log().On(Partition.First(1));
        using var inside = f.Domain.Contains(tensor(new double[,] { { -1, 1, -1 }, { 1, -1, 1 } }));
        Assert.Equal([true, true, true, true, false, true], inside.data<bool>().ToArray());
        var sample = f.Domain.Sample([100, 3], ScalarType.Float64, _generator);
        Assert.True(f.Domain.Contains(sample).all().item<bool>());
        Assert.True((f.Inverse(f.Forward(sample)) - sample).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void What_is_inverted_as_a_whole_is_written_in_parentheses()
    {
        Assert.Equal("~(Asinh >> Exp)", (~(new Asinh() >> new Exp())).ToString());
        Assert.Equal("~Exp", (~new Exp()).ToString());
    }

    [Fact]
    public void A_bijector_that_gets_a_part_of_its_domain_gives_a_part_of_its_codomain()
    {
        var below = Assert.IsType<Interval>((new Sigmoid() >> new Log()).Codomain);
        Assert.Equal((double.NegativeInfinity, 0), (below.Low, below.High));
        Assert.Equal(Domain.Interval(0.5, 1), (new Exp() >> new Sigmoid()).Codomain);
        Assert.Equal(Domain.Unit, (~new Log() >> ~new Reciprocal() >> ~new Softplus() >> new Sigmoid()).Codomain);
        Assert.Equal("part of Real", (new Exp() >> new PluLinear(2, _generator)).Codomain.ToString());

        // So do the inverses of compositions.
        Assert.Equal(Domain.Positive, (new Exp() >> ~new LeakyRelu(0.5).Along(-1)).Codomain);
        Assert.Equal(Domain.Positive, (new Exp() >> ~new LeakyRelu(0.5).On(Partition.Halves())).Codomain);
        Assert.Equal(Domain.Real,
            (new Exp() >> ~new Parallel(new Square(), ~new Square(), Partition.Halves()) >> new Log()).Codomain);
        Assert.Equal(Domain.Real, (~(new Exp() >> new Reciprocal().On(Partition.Halves()) >> new Log())).Codomain);
        Assert.Equal(Domain.Real,
            (new Negate() >> ~(new Exp() >> new Reciprocal().On(Partition.Halves()) >> new Log())).Codomain);

        // Nobody knows where it ends up: numbers that training changes, ends that are no numbers, ends that
        // round to one number.
        Assert.Equal("part of Positive", (new Sigmoid() >> new Language.Rows.PowerOfATensor()).Codomain.ToString());
        Assert.Equal("part of (-1, 1)", (new Exp() >> new Language.Rows.Softsign()).Codomain.ToString());
        Assert.Equal(
            "part of (-1, 1)", (new Exp() >> new Negate() >> new Language.Rows.Softsign()).Codomain.ToString());
        Assert.Equal("part of (-1, 1)", (new Sigmoid() >> new Shift(1000) >> new Tanh()).Codomain.ToString());

        // Its density would integrate to less than one.
        Assert.Throws<DomainException>(
            () => new Flow(Shape.Vector(2), new Sigmoid() >> new Log(), Distribution.StandardNormal));
        Assert.Throws<DomainException>(
            () => new Flow(Shape.Vector(2), new Exp() >> new PluLinear(2, _generator), Distribution.StandardNormal));
    }

    [Fact]
    public void What_is_known_of_a_chain_is_known_of_all_its_layers()
    {
        var (conv, reverse) = (new Conv1x1(2, _generator), new Reverse());
        Assert.True(conv.HasConstantJacobian && !conv.IsVolumePreserving);
        Assert.True((conv >> reverse).HasConstantJacobian && !(conv >> reverse).IsVolumePreserving);
        Assert.True((new Roll(1, -2) >> reverse).IsVolumePreserving);
        Assert.False((conv >> new Sinh()).HasConstantJacobian);
    }

    [Fact]
    public void The_keys_of_a_checkpoint_say_where_a_number_belongs()
    {
        var chain = new ActNorm(Shape.Vector(2)) >> (new ActNorm(Shape.Vector(2)) >> new Permute([1, 0])).Along(-1);
        Assert.Equal(
            ["layers.0.logScale", "layers.0.shift", "layers.1.inner.layers.0.logScale", "layers.1.inner.layers.0.shift",
                "layers.1.inner.layers.1.inverseOrder", "layers.1.inner.layers.1.order"],
            chain.state_dict().Keys.Order());
    }

    [Fact]
    public void Shared_weights_count_once_for_every_place()
    {
        var linear = new PluLinear(3, _generator);
        linear.to(ScalarType.Float64);
        using var weight = linear.Weight();
        using (no_grad())
        {
            linear.state_dict()["factors"].add_(0.3);
        }

        var x = randn([2, 5, 3, 4], ScalarType.Float64, generator: _generator);
        var (_, single) = linear.ForwardWithLogDet(randn([3], ScalarType.Float64, generator: _generator));
        var (_, along) = linear.Along(-2).ForwardWithLogDet(x, eventRank: 3);
        Assert.Equal([2], along.shape);
        Assert.True(along.allclose(20 * single, 1e-12, 1e-12));
    }

    [Fact]
    public void One_iterative_layer_makes_a_chain_iterative()
    {
        using var generator = new Generator(0);
        var autoregressive = new MaskedAutoregressive(new Made(3, 4, 0, generator));
        Assert.True((new Reverse() >> autoregressive).IsIterative);
        Assert.False((new Reverse() >> new Exp()).IsIterative);
        Assert.False((new Reverse() >> autoregressive).HasRandomLogDet);
    }

    [Fact]
    public void A_linear_map_starts_as_a_rotation()
    {
        using var generator = new Generator(0);
        using var weight = new PluLinear(5, generator).Weight();
        Assert.True(weight.mm(weight.mT).allclose(eye(5), 1e-5, 1e-5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PluLinear(0, generator));
    }
}
