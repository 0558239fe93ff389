using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// What any method gives as gradients, whatever they are asked of, is compared with those where all are
/// asked for in float64.
/// </summary>
public sealed class GradientsAgreeTests
{
    private static readonly Law s_law = new GradientsAgree();

    private static readonly Formula s_map = (f, x, c) => x * f.A.exp() + f.B + OfContext(c);

    private static readonly Formula s_undo = (f, y, c) => (y - f.B - OfContext(c)) * (-f.A).exp();

    /// <summary>
    /// When a sketch is asked so, by what the law calls it, and what then has no gradient of its own.
    /// </summary>
    private static readonly Dictionary<string, (Func<Sketch, Tensor, Tensor?, bool> When, string What)> s_asked = new()
    {
        [""] = ((_, x, _) => x.dtype == ScalarType.Float32, "the point"),
        [", asked of the point only"] =
            ((f, x, c) => x.requires_grad && !c!.requires_grad && !f.A.requires_grad, "the point"),
        [", asked of the parameters only"] =
            ((f, x, c) => !x.requires_grad && !c!.requires_grad && f.A.requires_grad, "parameter 'shift'"),
        [", asked of the context only"] =
            ((f, x, c) => !x.requires_grad && c!.requires_grad && !f.A.requires_grad, "the context"),
        [" in evaluation mode"] = ((f, _, _) => !f.training, "the point"),
    };

    public static TheoryData<string> Ways => [.. s_asked.Keys];

    [Fact]
    public void What_is_right_is_accepted() =>
        s_law.Accepts(() => new Sketch { Map = s_map, Undo = s_undo }, contextSize: 2);

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_gradient_that_is_not_the_same_is_named(string how)
    {
        var (when, what) = s_asked[how];
        Formula off = (f, x, c) => when(f, x, c) ? Half(what, f, x, c) : s_map(f, x, c);
        var violation = s_law.Rejects(() => new Sketch { Map = s_map, FusedMap = off, Undo = s_undo }, contextSize: 2);
        Assert.Equal($"the gradient of ForwardWithLogDet(x) with respect to {what}{how}", violation.Where());
        violation = s_law.Rejects(() => new Sketch
        {
            Map = s_map,
            Undo = s_undo,
            UndoSlope = (f, y, c) => -f.A + (when(f, y, c) ? Nothing(y + f.B.mean() + c!.mean()) : 0),
        }, contextSize: 2);
        Assert.Equal("the gradient of InverseWithLogDet(y) with respect to "
            + $"{(how.Contains("only", StringComparison.Ordinal) ? what : "the point")}{how}", violation.Where());
    }

    [Fact]
    public void The_first_that_is_not_the_same_is_told()
    {
        string[] told = [", asked of the point only", ", asked of the parameters only", ", asked of the context only",
            " in evaluation mode"];
        for (var first = 0; first < told.Length; first++)
        {
            bool Off(Sketch f, Tensor x, Tensor? c) => told.Skip(first).Any(how => s_asked[how].When(f, x, c));
            Formula off = (f, x, c) => Off(f, x, c)
                ? s_map(f, (x + x.detach()) / 2, (c! + c!.detach()) / 2) + (f.B.detach() - f.B) / 2 : s_map(f, x, c);
            var violation =
                s_law.Rejects(() => new Sketch { Map = s_map, FusedMap = off, Undo = s_undo }, contextSize: 2);
            Assert.EndsWith(told[first], violation.Where(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Methods_without_log_det_have_gradients_of_their_own()
    {
        var violation = s_law.Rejects(() => new Sketch { Map = (f, x, _) => (x + x.detach()) / 2 * f.A.exp() + f.B,
            FusedMap = (f, x, _) => x * f.A.exp() + f.B });
        Assert.Equal("the gradient of Forward(x) with respect to the point", violation.Where());
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4, 1e-2)]
    [InlineData(ScalarType.Float64, 1e-9, 1e-6)]
    public void Half_of_the_digits_are_enough(ScalarType dtype, double accepted, double rejected)
    {
        s_law.Accepts(() => Off(accepted));
        Assert.Equal("the gradient of ForwardWithLogDet(x) with respect to the point in evaluation mode",
            s_law.Rejects(() => Off(rejected)).Where());

        Sketch Off(double share) => new()
        {
            Map = (f, x, _) =>
                (f.training || x.dtype != dtype ? x : (1 + share) * x - share * x.detach()) * f.A.exp() + f.B,
        };
    }

    [Fact]
    public void A_gradient_that_hangs_on_the_last_digits_is_forgiven()
    {
        // The slope of a wave of length 1e-5 at a point that float32 knows to 1e-7.
        s_law.Accepts(() => new Sketch
        {
            Map = (f, x, _) => (x + (x * 1e6).sin() * 5e-7) * f.A.exp() + f.B,
            Undo = (f, y, _) => (y - f.B) * (-f.A).exp(),
        });
    }

    [Fact]
    public void Parameters_are_afterwards_what_they_were()
    {
        using var lawContext = new LawContext(new LawCase(_ => new Sketch()), ScalarType.Float64);
        Assert.Null(s_law.Look(lawContext, new Recording(lawContext, new Violation(new("", "", "")))));
        Assert.Null(lawContext.ModuleSnapshot.Changed(lawContext.Bijector, ""));
        Sketch? last = null;
        s_law.Accepts(() => last = new Sketch());
        Assert.All(last!.parameters(), p => Assert.True(p.requires_grad));
        s_law.Rejects(() => last = new Sketch
        {
            Map = (f, x, _) => f.A.requires_grad ? x * f.A.exp() + f.B : throw new InvalidOperationException("frozen"),
        });
        Assert.All(last!.parameters(), p => Assert.True(p.requires_grad));
    }

    private static Tensor Half(string what, Sketch f, Tensor x, Tensor? c) => what switch
    {
        "the point" => s_map(f, (x + x.detach()) / 2, c),
        "the context" => s_map(f, x, (c! + c!.detach()) / 2),
        _ => x * f.A.exp() + (f.B + f.B.detach()) / 2 + OfContext(c),
    };

    /// <summary>Zero, with gradients.</summary>
    private static Tensor Nothing(Tensor x) => x - x.detach();

    private static Tensor OfContext(Tensor? context) =>
        context is null ? tensor(0.0) : context.mean([-1], keepdim: true);
}
