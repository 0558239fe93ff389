using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// What any method gives in any mode is compared with what it gives in training mode without gradients.
/// </summary>
public sealed class ModesAgreeTests
{
    private static readonly Law s_law = new ModesAgree();

    private static readonly Dictionary<string, Func<Sketch, Tensor, bool>> s_modes = new()
    {
        ["where gradients are recorded"] = (_, x) => is_grad_enabled() && !x.requires_grad,
        ["where gradients of the point are recorded"] = (_, x) => x.requires_grad,
        ["in evaluation mode"] = (f, _) => !f.training,
    };

    public static TheoryData<string> Modes => [.. s_modes.Keys];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_method_that_gives_something_else_is_named(string mode)
    {
        Tensor Off(Sketch f, Tensor x, Tensor result) => s_modes[mode](f, x) ? result + 1e-3 : result;
        Formula map = (f, x, _) => Off(f, x, x * f.A.exp() + f.B);
        Formula plain = (f, x, _) => x * f.A.exp() + f.B;
        var (undo, slope) = (new Sketch().Undo, new Sketch().Slope);
        Assert.Equal($"Forward(x) {mode}", What(() => new Sketch { Map = map, FusedMap = plain }));
        Assert.Equal($"ForwardWithLogDet(x) {mode}", What(() => new Sketch { FusedMap = map }));
        Assert.Equal($"ForwardWithLogDet(x).LogDet {mode}",
            What(() => new Sketch { Slope = (f, x, c) => Off(f, x, slope(f, x, c)) }));
        Assert.Equal($"Inverse(y) {mode}", What(() => new Sketch { Undo = (f, y, c) => Off(f, y, undo(f, y, c)) }));
        Assert.Equal(
            $"InverseWithLogDet(y).LogDet {mode}", What(() => new Sketch { UndoSlope = (f, y, _) => Off(f, y, -f.A) }));
    }

    [Fact]
    public void What_is_in_evaluation_mode_stays_there_and_is_not_asked_for_another()
    {
        var modes = new HashSet<bool>();
        s_law.Accepts(() =>
        {
            var map = new Sketch().Map;
            var sketch = new Sketch
            {
                Map = (f, x, c) =>
                {
                    modes.Add(f.training);
                    return map(f, x, c);
                },
            };
            sketch.eval();
            return sketch;
        });
        Assert.Equal([false], modes);
    }

    private static string What(Func<Bijector> make) => s_law.Rejects(make).Where();
}
