using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using Microsoft.CodeAnalysis;
using static Bijectors.Generators.Tests.Written;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Programs written to lead the compiler astray: each is right by all laws, or says what is wrong before a
/// flow is trained.
/// </summary>
public sealed class WrittenProgramTests
{
    // The name, what the class declares beside the map, the body of the map, and the shape of a point.
    private static readonly (string Name, string Members, string Body, Shape Shape)[] s_right =
    [
        ("FewerDimensions", Matrix,
            "return torch.sinh(Parts.Reshape(x, Shape.Of(2, 2), Shape.Of(4)));", Shape.Of(2, 2)),
        ("MoreDimensions", Vector,
            "return Parts.Reshape(torch.sinh(x), Shape.Of(4), Shape.Of(2, 2));", Shape.Vector(4)),
        ("ThereAndBack", Vector, "x = Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2)); x = torch.sinh(x); "
            + "return Parts.Reshape(x, Shape.Of(2, 2), Shape.Of(4));", Shape.Vector(4)),
        ("OfAField", Field("Shape _target = Shape.Of(4, 1, 1)") + Vector,
            "return Parts.Reshape(torch.sinh(x), Shape.Of(4), _target);", Shape.Vector(4)),
        ("Packed", Matrix, "var (a, b) = Parts.Halves(x); a = torch.sinh(a); "
            + "return Parts.Pack(a, b, Shape.Of(2, 1), Shape.Of(2, 1));", Shape.Of(2, 2)),
        ("FlattenedInside", Field("Bijector _flatten = new Flatten(Shape.Of(2, 2))") + Matrix,
            "x = torch.sinh(x); return _flatten.Forward(x);", Shape.Of(2, 2)),
        ("UnflattenedInside", Field("Bijector _flatten = new Flatten(Shape.Of(2, 2))") + Vector,
            "x = torch.sinh(x); return _flatten.Inverse(x);", Shape.Vector(4)),
        ("InABranch", Field("bool _on = true") + Vector,
            "if (_on) { x = Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2)); x = torch.sinh(x); "
                + "x = Parts.Reshape(x, Shape.Of(2, 2), Shape.Of(4)); } return x;", Shape.Vector(4)),
        ("StatedInABranch", Field("bool _on = true") + Vector + "public override int OutputEventRank => 2;",
            "if (_on) { x = Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2)); } else { "
                + "x = Parts.Reshape(x, Shape.Of(4), Shape.Of(4, 1)); } return x;", Shape.Vector(4)),
        ("InAnotherOrder", Field("Tensor _order = torch.tensor(new long[] { 1, 2, 3, 0 }).DetachFromDisposeScope()")
            + Vector, "return Parts.Permute(x, _order);", Shape.Vector(4)),
        ("InAnotherOrderAndBack",
            Field("Tensor _order = torch.tensor(new long[] { 1, 2, 3, 0 }).DetachFromDisposeScope()")
                + Field("Tensor _back = torch.tensor(new long[] { 3, 0, 1, 2 }).DetachFromDisposeScope()") + Vector,
            "return Parts.Permute(torch.sinh(x), _order, _back);", Shape.Vector(4)),
        ("ScaledByFields", Free("s", 4) + Free("t", 4) + Vector, "return (x - t) * torch.exp(-s);", Shape.Vector(4)),
        ("ScaledByOne", Free("s", 1) + Vector, "return x * torch.exp(s);", Shape.Vector(3)),
        ("ScaledAlongAnAxis", Free("s", 3, 1) + Matrix, "return x * torch.exp(s);", Shape.Of(3, 2)),
        ("HalfScaledByAField", Free("s", 2) + Vector,
            "var (a, b) = Parts.Halves(x); b = b * torch.exp(s); return Parts.Join(a, b);", Shape.Vector(4)),
    ];

    // ... and what is said when the shape of its output is asked for.
    private static readonly (string Name, string Members, string Body, Shape Shape, string Says)[] s_refused =
    [
        ("UnstatedInABranch", Field("bool _on = true") + Vector,
            "if (_on) { x = Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2)); } return x;", Shape.Vector(4),
            "expected OutputEventRank 2"),
        ("StatedWrong", Vector + "public override int OutputEventRank => 1;",
            "return Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2));", Shape.Vector(4), "expected OutputEventRank 2"),
        ("OfOnesOwn",
            Matrix + "[Reindexing(nameof(Cut))] private static Tensor Whole(Tensor x) => x.flatten(-2, -1); "
            + "private static Shape Whole(Shape x) => x.Leading(2).Then(Shape.Vector(x[-2] * x[-1]));"
            + "[Reindexing(nameof(Whole), ChangesRank = true)] private static Tensor Cut(Tensor x) => x.unflatten(-1, "
            + "new long[] { 2, 2 }); private static Shape Cut(Shape x) => x.Leading(1).Then(Shape.Of(2, 2));",
            "return Whole(torch.sinh(x));", Shape.Of(2, 2), "expected OutputEventRank 1"),
        ("NoInverseOrder", Field("Tensor _order = torch.tensor(new long[] { 1, 2, 3, 0 }).DetachFromDisposeScope()")
            + Vector, "return Parts.Permute(x, _order, _order);", Shape.Vector(4),
            "expected a permutation of 0..3 and its inverse, got (1, 2, 3, 0) and (1, 2, 3, 0)"),
        ("NoPermutation", Field("Tensor _order = torch.tensor(new long[] { 0, 0, 1, 2 }).DetachFromDisposeScope()")
            + Vector, "return Parts.Permute(x, _order);", Shape.Vector(4),
            "expected a permutation of 0..3, got (0, 0, 1, 2)"),
        ("NegativeOrder", Field("Tensor _order = torch.tensor(new long[] { -1, 0, 1, 2 }).DetachFromDisposeScope()")
            + Vector, "return Parts.Permute(x, _order);", Shape.Vector(4), "got (-1, 0, 1, 2)"),
        ("ScaledByTooMany", Free("s", 4) + Vector, "return x * torch.exp(s);", Shape.Vector(5),
            "'s' of shape (4) maps number by number, got (5)"),
        ("ScaledByMoreDimensions", Free("s", 1, 4) + Vector, "return x * torch.exp(s);", Shape.Vector(4),
            "'s' of shape (1, 4) maps number by number, got (4)"),
        ("SpreadByAField", Free("s", 4) + Vector, "return x * torch.exp(s);", Shape.Vector(1), "got (1)"),
        ("HalfScaledByTooMany", Free("s", 4) + Vector,
            "var (a, b) = Parts.Halves(x); b = b * torch.exp(s); return Parts.Join(a, b);", Shape.Vector(4), "got (2)"),
        ("OrderOfAnotherType", Field("Tensor _order = torch.tensor(new int[] { 1, 0, 2, 3 }).DetachFromDisposeScope()")
            + Vector, "return Parts.Permute(x, _order);", Shape.Vector(4), "expected a permutation"),
    ];

    private static readonly Lazy<Build> s_build = new(() => Build.Of(
        [.. s_right.Select(p => (p.Name, Source(p.Name, p.Members, p.Body))),
            .. s_refused.Select(p => (p.Name, Source(p.Name, p.Members, p.Body)))]));

    private static readonly Lazy<Loaded> s_loaded = new(() => new Loaded(s_build.Value.Assembly()));

    public static TheoryData<string> Right => [.. s_right.Select(p => p.Name)];

    public static TheoryData<string> Refused => [.. s_refused.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Right))]
    public void Obeys_all_laws_and_is_the_method(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var subject = new LawCase(_ => s_loaded.Value.Make(name), s_right.Single(p => p.Name == name).Shape);
        BijectorLaws.Check(subject);
        new SameAsBody().Check(subject);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_where_its_shape_is_asked_for(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var (_, _, _, shape, says) = s_refused.Single(p => p.Name == name);
        using var f = s_loaded.Value.Make(name);
        Assert.Contains(says, Assert.Throws<ShapeException>(() => f.OutputShape(shape)).Message);
        Assert.Contains(says, Assert.Throws<ShapeException>(() => f.Forward(zeros(shape.ToArray()))).Message);
    }

    [Theory]
    [InlineData("long[] { 2, 3, 5, 7 }", "Int64")]
    [InlineData("bool[] { true, false, true, true }", "Bool")]
    public void A_tensor_of_whole_numbers_is_refused(string numbers, string dtype)
    {
        var build = Build.Of([("Whole", Source(
            "Whole",
            $"[NonZero] private readonly Tensor _k = torch.tensor(new {numbers}).DetachFromDisposeScope();" + Vector,
            "return x * _k;"))]);
        using var loaded = new Loaded(build.Assembly());
        using var f = loaded.Make("Whole");
        Assert.Contains($"expected '_k' in a floating dtype, got {dtype}",
            Assert.Throws<ArgumentException>(() => f.Forward(zeros(4))).Message);
    }
}
