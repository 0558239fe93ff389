using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Each call leaves its results and nothing else, with gradients and without, and they are its own.</summary>
public sealed class NoTensorSurvivesTests
{
    private static readonly Mismatch s_notFresh =
        new("Forward(x)", "fresh results", "the input itself, or a disposed tensor");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WithAndWithoutGradients(bool gradients)
    {
        var violation = new NoTensorSurvives().Rejects(() => new Sketch
        {
            Map = (f, x, _) => is_grad_enabled() == gradients
                ? (x * f.A.exp() + f.B).MoveToOuterDisposeScope() * 1
                : x * f.A.exp() + f.B,
        });
        Assert.Equal(new Mismatch("Forward(x)", "1 tensors alive afterwards, the results", "2"), violation.Mismatch);
    }

    [Theory]
    [InlineData(0, "Forward(x)")]
    [InlineData(1, "ForwardWithLogDet(x)")]
    [InlineData(2, "'calls' after Forward(x)")]
    public void EachCallIsLookedAtAndThenTheState(int wrong, string told)
    {
        foreach (var last in new[] { wrong, 2 })
        {
            var violation = new NoTensorSurvives().Rejects(() => new Sketch
            {
                Map = (f, x, _) =>
                {
                    if (last == 2)
                    {
                        f.Calls.Dispose();
                    }

                    return Leaving(wrong == 0, x * f.A.exp() + f.B);
                },
                FusedMap = (f, x, _) => Leaving(wrong <= 1 && last >= 1, x * f.A.exp() + f.B),
            });
            Assert.Equal(told, violation.Mismatch.What);
        }

        static Tensor Leaving(bool one, Tensor y) => one ? y.MoveToOuterDisposeScope() * 1 : y;
    }

    [Fact]
    public void TheInputIsNoResult() =>
        Assert.Equal(s_notFresh, new NoTensorSurvives().Rejects(() => new Crooked.Untouched()).Mismatch);

    [Fact]
    public void NorIsTheContext() =>
        Assert.Equal(s_notFresh, new NoTensorSurvives()
            .Rejects(() => new Answering((_, context) => context!), contextSize: 3).Mismatch);

    [Fact]
    public void NorIsATensorThatWasDisposed() =>
        Assert.Equal(s_notFresh, new NoTensorSurvives().Rejects(() => new Answering((x, _) =>
        {
            var y = x.clone();
            y.Dispose();
            return y;
        })).Mismatch);

    [Fact]
    public void NorIsTheInputBesideAFreshLogDet() => Assert.Equal(
        s_notFresh with { What = "ForwardWithLogDet(x)" }, new NoTensorSurvives()
            .Rejects(() => new Answering((x, _) => x.clone(), (x, _) => x)).Mismatch);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryModeIsTried(int mode)
    {
        var violation = new NoTensorSurvives().Rejects(() => new Sketch
        {
            Map = (f, x, _) => Is(f, x) ? (x * f.A.exp() + f.B).MoveToOuterDisposeScope() * 1 : x * f.A.exp() + f.B,
        });
        Assert.Equal("2", violation.Mismatch.Got);

        bool Is(Sketch f, Tensor x) => mode switch
        {
            0 => x.requires_grad && is_grad_enabled(),
            1 => !f.training && !is_grad_enabled(),
            2 => !x.requires_grad && is_grad_enabled(),
            _ => x.dtype == ScalarType.Float64 && !is_grad_enabled() && f.training,
        };
    }

    [Fact]
    public void AContextIsLeftAsItWas()
    {
        var violation = new NoTensorSurvives().Rejects(
            () => new Answering((x, context) =>
            {
                using var grad = no_grad();
                context!.add_(1);
                return x.clone();
            }),
            contextSize: 2);
        Assert.StartsWith("the context after Forward(x)", violation.Mismatch.What, StringComparison.Ordinal);
        violation = new NoTensorSurvives().Rejects(
            () => new Answering((x, context) =>
            {
                using var grad = no_grad();
                context!.add_(1);
                return x.add_(1).clone();
            }),
            contextSize: 2);
        Assert.StartsWith("the point after Forward(x)", violation.Mismatch.What, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInputStaysAlive()
    {
        var violation = new NoTensorSurvives().Rejects(() => new Answering((x, _) =>
        {
            var y = x.clone();
            x.Dispose();
            return y;
        }));
        Assert.Equal(
            new Mismatch("Forward(x)", "inputs that are alive afterwards", "a disposed input"), violation.Mismatch);
    }

    [Fact]
    public void SoDoesAContext()
    {
        var violation = new NoTensorSurvives().Rejects(
            () => new Answering((x, context) =>
            {
                context!.Dispose();
                return x.clone();
            }),
            contextSize: 2);
        Assert.Equal("a disposed input", violation.Mismatch.Got);
    }

    /// <summary>
    /// Answers with what it is told to, and with the log-det, where that is told too, with something else.
    /// </summary>
    private sealed class Answering(Func<Tensor, Tensor?, Tensor> answer, Func<Tensor, Tensor?, Tensor>? fused = null)
        : Crooked.Moving
    {
        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => answer(x, context);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.clone();

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            ((fused ?? answer)(x, context), LogDets.Zero(x));
    }
}
