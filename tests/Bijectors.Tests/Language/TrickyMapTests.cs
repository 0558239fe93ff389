using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>The emitted maps are the written ones, and obey the laws.</summary>
public class TrickyMapTests
{
    public static TheoryData<string> Names() =>
        [.. typeof(ITricky).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(ITricky)))
            .Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_the_map_that_was_written(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var f = Create(name);
        var x = randn(7, 6, ScalarType.Float64, generator: generator);
        Assert.True(f.Forward(x).allclose(((ITricky)f).Plain(x), 1e-14, 1e-14));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_inverse_and_log_det_are_right(string name)
    {
        var subject = new LawCase(_ => Create(name), Shape.Vector(6));
        foreach (var law in BijectorLaws.All.Where(
            l => l.Name is "RoundTrip" or "LogDet" or "InverseLogDet" or "FusedEqualsSeparate" or "NoTensorSurvives"))
        {
            law.Check(subject);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_log_det_is_the_same_for_a_point_that_takes_gradients(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var f = Create(name);
        var x = randn(5, 6, ScalarType.Float64, generator: generator);
        var (_, expected) = f.ForwardWithLogDet(x);
        var (y, logDet) = f.ForwardWithLogDet(x.clone().requires_grad_());
        Assert.True(expected.allclose(logDet, 1e-12, 1e-12));
        Assert.True((-expected).allclose(f.InverseWithLogDet(y.detach().requires_grad_()).LogDet, 1e-8, 1e-8));
    }

    [Fact]
    public void A_bijector_inside_that_is_not_one_of_all_reals_must_be_declared()
    {
        var error = Assert.Throws<DomainException>(() => new Around(new Exp()) >> new Sinh());
        Assert.Equal("Around, which must override Domain and Codomain -> a bijector inside it: "
            + "expected values in Real, got Positive.", error.Message);
        Assert.Equal(Domain.Real, new Around(new Sinh()).Codomain);
    }

    [Fact]
    public void What_stands_behind_a_bijector_bounds_the_codomain()
    {
        Assert.Equal(Domain.Interval(-1, 1), new Squashed(new Sinh()).Codomain);
        Assert.Throws<DomainException>(() => new Squashed(new Exp()).Codomain);
    }

    [Fact]
    public void Elements_move_within_the_event_only() =>
        Assert.Throws<ShapeException>(() => Parts.Flip(Shape.Vector(3), 0));

    private static Bijector Create(string name) =>
        (Bijector)Activator.CreateInstance(typeof(ITricky).Assembly.GetType($"{typeof(ITricky).Namespace}.{name}")!)!;
}

[GeneratedBijector]
public sealed partial class Around : Bijector
{
    private readonly Bijector inner;

    public Around(Bijector inner)
    {
        this.inner = inner;
        RegisterComponents();
    }

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => inner.Forward(2 * x);
}

[GeneratedBijector]
public sealed partial class Squashed : Bijector
{
    private readonly Bijector inner;

    public Squashed(Bijector inner)
    {
        this.inner = inner;
        RegisterComponents();
    }

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => torch.tanh(inner.Forward(x));
}
