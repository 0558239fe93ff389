using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Methods that people add to the compiler's table are held to what their attributes say.</summary>
public sealed class PrimitiveLawsTests
{
    public static TheoryData<string> Mutants => [.. MarkedMutants.All.Select(m => m.Method.Method.Name)];

    [Fact]
    public void Methods_that_are_what_they_say_keep_every_law() => PrimitiveLaws.Check(typeof(MarkedFunctions));

    [Fact]
    public void So_does_one_of_them() => PrimitiveLaws.Check(MarkedFunctions.Place, seed: 5);

    [Fact]
    public void So_does_the_spline_of_Core() =>
        PrimitiveLaws.Check(
            RationalQuadratic.Map,
            (shape, generator) => [Raw(5, shape, generator), Raw(5, shape, generator), Raw(4, shape, generator), 3.0]);

    [Fact]
    public void So_does_a_method_of_an_object() => PrimitiveLaws.Check(new Scaled(0.5).Map);

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mistake_is_found_by_the_law_that_states_it(string mutant)
    {
        var (method, law, says) = MarkedMutants.All.Single(m => m.Method.Method.Name == mutant);
        var violation = Assert.Throws<LawViolationException>(() => PrimitiveLaws.Check(method));
        Assert.Equal((law, $"MarkedMutants.{mutant}"), (violation.Law, violation.Bijector));
        Assert.Contains(says, violation.Message);
    }

    [Fact]
    public void So_is_one_among_the_methods_of_a_type() =>
        Assert.StartsWith("MarkedMutants.",
            Assert.Throws<LawViolationException>(() => PrimitiveLaws.Check(typeof(MarkedMutants))).Bijector);

    [Fact]
    public void A_check_that_would_check_nothing_is_refused()
    {
        Refuses(() => PrimitiveLaws.Check(typeof(Mutants)), "marked [Primitive] or [Monotone], got none");
        Refuses(() => PrimitiveLaws.Check((Tensor x) => x.exp()), "expected a method marked");
        Refuses(() => PrimitiveLaws.Check(Misnamed), "names Nowhere as its inverse");
        Refuses(() => PrimitiveLaws.Check(WithNumber), "that returns two Tensors, got none");
        Refuses(() => PrimitiveLaws.Check(WithOne), "that returns two Tensors, got none");
        Refuses(() => PrimitiveLaws.Check(WithPair), "that returns two Tensors, got none");
        Refuses(() => PrimitiveLaws.Check(NoTensor), "to take a Tensor first");
        Refuses(() => PrimitiveLaws.Check(Undrawable), "'System.String unit'");
        Refuses(() => PrimitiveLaws.Check(MarkedFunctions.Stretch, (_, _) => [1.0]), "expected the 0 arguments");
    }

    private static void Refuses(Action check, string says) =>
        Assert.Contains(says, Assert.ThrowsAny<ArgumentException>(check).Message);

    private static Tensor Raw(long bins, Shape shape, Generator generator) =>
        randn([.. shape.ToArray(), bins], generator: generator, requires_grad: true);

    [Primitive("Nowhere", nameof(Slope))]
    private static Tensor Misnamed(Tensor x) => -x;

    [Primitive(nameof(NoTensor), nameof(NoTensor))]
    private static double NoTensor(double x) => -x;

    [Primitive(nameof(Undrawable), nameof(Undrawable))]
    private static Tensor Undrawable(Tensor x, string unit) => unit.Length * x;

    [Primitive(nameof(WithNumber), nameof(Slope), WithLogSlope = nameof(Number))]
    private static Tensor WithNumber(Tensor x) => -x;

    [Primitive(nameof(WithOne), nameof(Slope), WithLogSlope = nameof(Slope))]
    private static Tensor WithOne(Tensor x) => -x;

    [Primitive(nameof(WithPair), nameof(Slope), WithLogSlope = nameof(Pair))]
    private static Tensor WithPair(Tensor x) => -x;

    private static (Tensor Y, double LogSlope) Number(Tensor x) => (-x, 0);

    private static KeyValuePair<Tensor, Tensor> Pair(Tensor x) => new(-x, zeros_like(x));

    private static Tensor Slope(Tensor x) => zeros_like(x);

    private sealed class Scaled(double by)
    {
        [Primitive(nameof(Undo), nameof(LogSlope))]
        public Tensor Map(Tensor x) => x * by;

        private Tensor Undo(Tensor y) => y / by;

        private Tensor LogSlope(Tensor x) => full_like(x, Math.Log(by));
    }
}
