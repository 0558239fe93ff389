using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// A frozen copy is compared with what it was copied from: what it says, what it gives, and what it gives later.
/// </summary>
public sealed class FrozenAgreesTests
{
    private static readonly Law s_law = new FrozenAgrees();

    private static readonly Dictionary<string, Func<Sketch, Bijector>> s_wrong = new()
    {
        ["Frozen: its codomain"] =
            f => new Copied(f.A.detach().clone(), f.B.detach().clone()) { Onto = Domain.Positive },
        ["Frozen: its domain"] = _ => new Sketch { From = Domain.Positive },
        ["Frozen: its output shape"] = _ => new Sketch { Sizes = s => s.With(-1, s[-1] + 1) },
        ["Frozen: its parameter 'logScale'"] = _ => new Sketch(),
        ["Forward(x) of the frozen copy"] = f => new Copied(f.A.detach().clone(), f.B.detach().clone()) { Off = 1 },
        ["ForwardWithLogDet(x) of the frozen copy"] =
            f => new Copied(f.A.detach().clone(), f.B.detach().clone()) { OffFused = 1 },
        ["ForwardWithLogDet(x).LogDet of the frozen copy"] =
            f => new Copied(f.A.detach().clone(), f.B.detach().clone()) { OffLogDet = 1 },
        ["ForwardWithLogDet(x) of the frozen copy after a step of training"] =
            f => new Copied(f.A.detach().clone(), f.B.detach()),
        ["ForwardWithLogDet(x).LogDet of the frozen copy after a step of training"] = f => Halfway(f),
    };

    public static TheoryData<string> Mistakes => [.. s_wrong.Keys];

    [Fact]
    public void What_is_copied_is_accepted() => s_law.Accepts(() => new Sketch { Freeze = Copied.Of });

    [Fact]
    public void So_is_what_cannot_be_and_what_needs_not_be()
    {
        s_law.Accepts(() => new Sketch());
        s_law.Accepts(() => new Exp());
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_is_not_the_same_is_named(string mistake) =>
        Assert.Equal(mistake, s_law.Rejects(() => new Sketch { Freeze = s_wrong[mistake] }).Where());

    [Fact]
    public void The_first_that_is_not_the_same_is_told()
    {
        Assert.Equal("Frozen: its domain", What(
            _ => new Sketch { From = Domain.Positive, Onto = Domain.Positive, Sizes = s => s.With(-1, s[-1] + 1) }));
        Assert.Equal("Frozen: its codomain",
            What(_ => new Sketch { Onto = Domain.Positive, Sizes = s => s.With(-1, s[-1] + 1) }));
        Assert.Equal("Frozen: its output shape", What(_ => new Sketch { Sizes = s => s.With(-1, s[-1] + 1) }));
        Assert.Equal("Forward(x) of the frozen copy",
            What(f => new Copied(f.A.detach(), f.B.detach()) { Off = 1, OffFused = 1, OffLogDet = 1 }));
        Assert.Equal("ForwardWithLogDet(x) of the frozen copy",
            What(f => new Copied(f.A.detach(), f.B.detach()) { OffFused = 1, OffLogDet = 1 }));
        Assert.Equal("ForwardWithLogDet(x) of the frozen copy after a step of training",
            What(f => new Copied(f.A.detach(), f.B.detach())));

        static string What(Func<Sketch, Bijector> freeze) =>
            s_law.Rejects(() => new Sketch { Freeze = freeze }).Where();
    }

    [Fact]
    public void The_bijector_is_afterwards_what_it_was()
    {
        using var lawContext = new LawContext(
            new LawCase(_ => new Sketch { Freeze = f => new Copied(f.A.detach().clone(), f.B.detach()) }),
            ScalarType.Float64);
        Assert.NotNull(s_law.Look(lawContext, new Recording(lawContext, new Violation(new("", "", "")))));
        Assert.Null(lawContext.ModuleSnapshot.Changed(lawContext.Bijector, ""));
    }

    [Fact]
    public void Constants_of_the_copy_are_disposed()
    {
        Copied? copy = null;
        s_law.Accepts(() => new Sketch { Freeze = f => copy = Copied.Of(f) });
        Assert.All(copy!.buffers(), constant => Assert.True(constant.IsInvalid));
    }

    /// <summary>
    /// Later only its log-det is another one: the scale of the map is copied, and undone in the shared one.
    /// </summary>
    private static Bijector Halfway(Sketch f) => new Sharing(f.A.detach(), Copied.Of(f));

    private sealed class Sharing : Bijector
    {
        private readonly Tensor slope;
        private readonly Bijector inner;

        public Sharing(Tensor slope, Bijector inner)
        {
            (this.slope, this.inner) = (slope.DetachFromDisposeScope(), inner);
            RegisterComponents();
        }

        public override int EventRank => 1;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => inner.Forward(x);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => inner.Inverse(y);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (inner.Forward(x), LogDets.Sum(slope, x, eventRank));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) => inner.InverseWithLogDet(y, null, eventRank);
    }
}
