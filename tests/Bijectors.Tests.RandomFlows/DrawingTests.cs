using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.RandomFlows;

public sealed class DrawingTests
{
    // Among so many flows each form shows.
    private const int Most = 3000;

    private static readonly List<RandomFlow> s_drawn = [];

    // Of chains inside, of a chain that vanishes, and of a Conv1x1.
    private static readonly string[] s_inside = [nameof(Chain), nameof(Identity), nameof(PluLinear)];

    // Of locations, of a graph, of whole tables, of networks that are shared, and of contexts that are missing or sets,
    // none of which is drawn. They have tests of their own.
    private static readonly string[] s_notDrawn =
    [
        nameof(LocationConditioner), nameof(MaskedMlp), nameof(MlpMixer), nameof(OptionalContext), nameof(SetEmbedding),
        nameof(SharingCausalConditioner), nameof(SharingConditioner),
    ];

    // A polynomial takes points so far that nearly every flow that holds one is drawn again without it.
    private static readonly string[] s_seldomDrawn = [nameof(SumOfSquares)];

    [Fact]
    public void Every_bijector_and_every_conditioner_of_Core_is_drawn()
    {
        var all = Public(typeof(Bijector)).Concat(Public(typeof(Conditioner)));
        Assert.Empty(NotDrawn(all.Except(s_notDrawn).Except(s_seldomDrawn)));
        Assert.Empty(s_notDrawn.Intersect(Drawn.Take(500).SelectMany(flow => flow.Forms)));
    }

    [Fact]
    public void Flows_on_the_circle_have_a_base_there()
    {
        var drawn = Drawn.First(flow => flow.Forms.Contains(nameof(Rotation)));
        using var uniform = drawn.Declare(0);
        using var other = drawn.Declare(1);
        Assert.All(new[] { uniform, other }, flow => Assert.Equal(Domain.Circle, flow.Base.Support));
        Assert.False(((VonMises)uniform.Base).IsTrained);
        Assert.True(((VonMises)other.Base).IsTrained);
    }

    [Theory]
    [InlineData("ScaleMap.Bounded", "ScaleMap.Sigmoid", "ScaleMap.Softplus", "ScaleMap.Exponential")]
    [InlineData("Partition.Halves", "Partition.First", "Partition.Alternating", "Partition.Checkerboard",
        "Partition.Checkerboard.Swapped()")]
    [InlineData("ActNorm.Elements", "ActNorm along -3", "FactorOut with a prior", "FactorOut without a prior")]
    [InlineData("MadeOptions.Order", "MadeOptions.RandomDegrees", "MadeOptions of plain layers")]
    [InlineData("Activation.Relu", "Activation.Tanh", "Activation.Silu", "Activation.Elu", "Activation.Gelu")]
    [InlineData("Activation.Selu", "Activation.Softplus", "Activation.Sigmoid")]
    public void Every_option_is_drawn(params string[] options)
    {
        Assert.Empty(NotDrawn(options));
    }

    [Fact]
    public void Shapes_are_small_and_of_every_rank_with_and_without_a_context()
    {
        Assert.All(Drawn.Take(500), flow => Assert.InRange(flow.Shape.Size, 1, 12));
        Assert.Equal(8, Drawn.Take(500).Select(flow => (flow.Shape.Rank, flow.ContextSize is null)).Distinct().Count());
    }

    [Fact]
    public void The_forms_of_a_flow_are_what_is_built()
    {
        foreach (var drawn in Drawn.Take(200))
        {
            using var f = drawn.Build(0);
            var built = f.modules().Where(module => module is Bijector or Conditioner)
                .Select(module => module.GetType()).Where(type => type.IsPublic);
            Assert.Empty(built.Select(type => type.Name).Except(drawn.Forms.Concat(s_inside)));
        }
    }

    [Fact]
    public void Every_flow_can_be_declared()
    {
        foreach (var drawn in Drawn.Take(300))
        {
            using var flow = drawn.Declare(0);
            Assert.Equal(drawn.Shape, flow.EventShape);
            Assert.Equal(drawn.ContextSize, (int?)flow.ContextShape?.Size);
        }
    }

    [Fact]
    public void The_same_numbers_give_the_same_flow()
    {
        Assert.Equal(RandomFlow.Draw(17, 6), RandomFlow.Draw(17, 6));
        Assert.Equal(RandomFlow.Draw(17, 6).ToString(), RandomFlow.Draw(17, 6).ToString());
        Assert.NotEqual(RandomFlow.Draw(17, 6), RandomFlow.Draw(18, 6));
        Assert.NotEqual(RandomFlow.Draw(17, 6), RandomFlow.Draw(17, 7));
    }

    [Fact]
    public void A_flow_is_built_anew_from_a_seed()
    {
        var drawn = Drawn.First(flow => flow.Forms.Contains(nameof(PluLinear)));
        var (once, again, other) = (Parameters(drawn.Build(1)), Parameters(drawn.Build(1)), Parameters(drawn.Build(2)));
        Assert.Equal(once, again);
        Assert.NotEqual(once, other);

        static double[] Parameters(Bijector f) =>
            [.. f.parameters().SelectMany(p => p.detach().to(ScalarType.Float64).flatten().data<double>().ToArray())];
    }

    [Fact]
    public void The_size_bounds_the_steps()
    {
        var mean = new[]
        {
            1, 4, 8,
        }.Select(size => Enumerable.Range(0, 50).Average(seed => RandomFlow.Draw(seed, size).Forms.Count())).ToArray();
        Assert.True(mean[0] < mean[1] && mean[1] < mean[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomFlow.Draw(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomFlow.Draw(1, 21));
    }

    /// <summary>Those of seeds 0, 1, ..., each drawn once for all tests.</summary>
    private static IEnumerable<RandomFlow> Drawn => Enumerable.Range(0, Most).Select(seed =>
    {
        if (seed == s_drawn.Count)
        {
            s_drawn.Add(RandomFlow.Draw(seed));
        }

        return s_drawn[seed];
    });

    /// <summary>Which of the forms no flow has; it draws until each has been seen.</summary>
    private static HashSet<string> NotDrawn(IEnumerable<string> forms)
    {
        var missing = forms.ToHashSet();
        foreach (var flow in Drawn.TakeWhile(_ => missing.Count > 0))
        {
            missing.ExceptWith(flow.Forms);
        }

        return missing;
    }

    private static IEnumerable<string> Public(Type kind) =>
        typeof(Bijector).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(kind))
            .Select(type => type.Name);
}
