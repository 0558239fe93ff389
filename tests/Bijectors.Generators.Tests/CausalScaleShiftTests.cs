namespace Bijectors.Generators.Tests;

/// <summary>Which causal maps are undone for all entries at once, and which by the loop alone.</summary>
public class CausalScaleShiftTests
{
    public static TheoryData<string, string> AtOnce() => new()
    {
        { "var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(s) + t;",
            "solve.ScaleShift(pass, ScaleMap.Exponential);" },
        { "var (s, t) = _net.ScaleAndShift(x, context); return (x - t) * torch.exp(-s);",
            "solve.ScaleShift(pass, ScaleMap.Exponential, inverse: true);" },
        { "var (s, t) = _net.ScaleAndShift(x, context); return t + torch.exp(_map.LogScale(s)) * x;",
            "solve.ScaleShift(pass, _map);" },
        { "var (s, t) = _net.ScaleAndShift(x, context); return (x - t) * torch.exp(-_map.LogScale(s));",
            "solve.ScaleShift(pass, _map, inverse: true);" },
        { "var (s, t) = _net.ScaleAndShift(x, context); return 2 * (x * torch.exp(s) + t);",
            "solve.ScaleShift(pass, ScaleMap.Exponential);" },
        { "var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(ScaleMap.Bounded(3).LogScale(s)) + t;",
            "solve.ScaleShift(pass, ScaleMap.Bounded(3));" },
    };

    [Theory]
    [MemberData(nameof(AtOnce))]
    public void Scales_and_shifts_are_undone_at_once(string body, string call)
    {
        var emitted = Emitted(body);
        Assert.Equal(2, emitted.Split(call).Length - 1);
        Assert.Equal(2, emitted.Split("while (solve.MoveNext())").Length - 1);
    }

    [Theory]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(torch.tanh(s)) + t;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(t) + s;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(s) + t * 2;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(s) - t;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(_own.LogScale(s)) + t;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); return x * torch.exp(s + t) + t;")]
    [InlineData("var (s, t) = _net.ScaleAndShift(x, context); var (u, v) = _other.ScaleAndShift(x, context); "
        + "return x * torch.exp(s) + v;")]
    public void Other_maps_are_undone_by_the_loop(string body)
    {
        var emitted = Emitted(body);
        Assert.Contains("while (solve.MoveNext())", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain(".ScaleShift(pass", emitted, StringComparison.Ordinal);
    }

    private static string Emitted(string body) => Assert.Single(Compilations.Build($$"""
        [GeneratedBijector]
        public sealed partial class M : Bijector
        {
            private readonly Made _net = null!;
            private readonly Made _other = null!;
            private readonly ScaleMap _map = null!;
            private readonly Own _own = null!;
            public override int EventRank => 1;
            [Forward] private Tensor Map(Tensor x, Tensor? context) { {{body}} }
        }

        public sealed class Own
        {
            [Elementwise] public Tensor LogScale(Tensor raw) => raw * 2;
        }
        """).Emitted);
}
