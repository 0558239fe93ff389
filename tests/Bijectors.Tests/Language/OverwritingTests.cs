using Bijectors.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>
/// Generated maps write over their own temporaries where no graph is recorded; what comes out is the same, and nothing
/// else is touched.
/// </summary>
public sealed class OverwritingTests : IDisposable
{
    private static readonly Dictionary<string, Func<Bijector>> s_maps = new()
    {
        ["numbers around a function"] = () => new Lines(),
        ["a log-slope that is its point"] = () => new Exponents(),
        ["a part that is read between two maps"] = () => new ReadBetween(),
        ["a trained operand"] = () => new Trained(),
        ["the state of a loop"] = () => new Looped(),
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Maps => [.. s_maps.Keys];

    [Theory]
    [MemberData(nameof(Maps))]
    public void A_graph_changes_no_value(string name)
    {
        var map = s_maps[name]();
        for (var rank = map.EventRank; rank <= 2; rank++)
        {
            var x = rand(3, 4, dtype: ScalarType.Float64) + 0.1;
            var before = x.clone();
            var recorded = map.ForwardWithLogDet(x.clone().requires_grad_(), eventRank: rank);
            var back = map.InverseWithLogDet(recorded.Y.detach().requires_grad_(), eventRank: rank);
            using var leaving = no_grad();
            var (y, logDet) = map.ForwardWithLogDet(x, eventRank: rank);
            var (inverse, inverseLogDet) = map.InverseWithLogDet(y, eventRank: rank);
            Same(before, x);
            Same(recorded.Y, y);
            Same(recorded.LogDet, logDet);
            Same(back.X, inverse);
            Same(back.LogDet, inverseLogDet);
            Same(y, map.Forward(x));
            Same(inverse, map.Inverse(y));
        }
    }

    [Fact]
    public void A_parameter_keeps_what_its_gradient_needs()
    {
        var map = new Trained();
        var (y, logDet) = map.ForwardWithLogDet(full(2, 4, 0.5, ScalarType.Float64));
        (y.sum() + logDet.sum()).backward();

        // y = asinh(2 x exp(s)), with 2 x exp(s) = 1 at s = 0: dy/ds = 1/sqrt(2), and log|dy/dx| = log 2 + s - log(1 +
        // (2 x exp(s))^2) / 2 gives 1 - 1/2.
        Assert.Equal(8 * ((1 / Math.Sqrt(2)) + 0.5), map.get_parameter("scale")!.grad!.ToDouble(), 12);
    }

    [Fact]
    public void An_operand_of_another_shape_or_dtype_is_not_written_into_a_temporary()
    {
        var point = ones(2, 3);
        Assert.True(Temporaries.CanOverwrite(point, ones(3)));
        Assert.True(Temporaries.CanOverwrite(point, ones(2, 1)));
        Assert.True(Temporaries.CanOverwrite(point, ones([])));
        Assert.False(Temporaries.CanOverwrite(point, ones(2)));
        Assert.False(Temporaries.CanOverwrite(point, ones(1, 2, 3)));
        Assert.False(Temporaries.CanOverwrite(point, ones(3, dtype: ScalarType.Float64)));
        Assert.False(Temporaries.CanOverwrite(point, ones(3, requires_grad: true)));
        Assert.False(Temporaries.CanOverwrite(ones(3, requires_grad: true), ones(3)));
        using var leaving = no_grad();
        Assert.True(Temporaries.CanOverwrite(point, ones(3, requires_grad: true)));
    }

    public void Dispose() => _scope.Dispose();

    private static void Same(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, 1e-12, 1e-12), $"expected {expected}, got {actual}");
}

/// <summary>Numbers before and behind a function.</summary>
[GeneratedBijector]
internal sealed partial class Lines : Bijector
{
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => (3 * torch.sinh((2 * x) + 1)) - 1;
}

/// <summary>The log-slope of an exponential is its point itself.</summary>
[GeneratedBijector]
internal sealed partial class Exponents : Bijector
{
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => 3 * torch.exp(2 * x);
}

/// <summary>A part is read between two of its maps.</summary>
[GeneratedBijector]
internal sealed partial class ReadBetween : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private static Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        a = 2 * a;
        b = (b * torch.exp(a)) + a.tanh();
        a = torch.asinh(a + 1);
        return Parts.Join(a, b);
    }
}

/// <summary>A trained operand between numbers.</summary>
[GeneratedBijector]
internal sealed partial class Trained : Bijector
{
    private readonly TorchSharp.Modules.Parameter scale = nn.Parameter(zeros([], ScalarType.Float64));

    public Trained() => RegisterComponents();

    public override int EventRank => 0;

    [Forward]
    private Tensor Map(Tensor x) => torch.asinh((2 * x) * torch.exp(scale));
}

/// <summary>The state of a loop.</summary>
[GeneratedBijector]
internal sealed partial class Looped : Bijector
{
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x)
    {
        for (var i = 0; i < 3; i++)
        {
            x = torch.asinh(2 * x) + 1;
        }

        return 2 * x;
    }
}
