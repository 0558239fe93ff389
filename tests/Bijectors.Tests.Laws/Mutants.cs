using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Bijectors with one mistake each, so that no law is a check that cannot fail.</summary>
internal static class Mutants
{
    private static readonly Formula s_z = (f, x, _) => x * f.A.exp() + f.B;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. EstimatedMutants.All,

        // Shapes
        new("takes any size", "Shapes", "Forward of a point (2, 4)", _ => new Sketch { Sizes = s => s }, Alone: true),
        new("declares one entry too many", "Shapes", "expected:     the shape (3)",
            _ => new Sketch { Sizes = s => s.With(-1, s[-1] + 1) }),
        new("complains about sizes with another exception", "Shapes", "InvalidOperationException", _ => new Sketch
        {
            Sizes = s => s[-1] == 3 ? s : throw new InvalidOperationException("three!"),
        }, Alone: true),
        new("leaves the event in the log-det", "Shapes", "it threw",
            _ => new Sketch { Sum = (slope, like, _) => slope.expand_as(like) }),
        new("has no maximum of no points", "Shapes", "it threw",
            _ => new Sketch { Map = (f, x, c) => s_z(f, x, c) + 0 * x.detach().amax() }, Alone: true),

        // DtypeAndDevice
        new("mixes in a float64 vector", "DtypeAndDevice", "expected:     Float32 on cpu", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + zeros(3, dtype: ScalarType.Float64),
        }),
        new("sums the log-det in float64", "DtypeAndDevice", "LogDet", _ => new Sketch
        {
            Sum = (slope, like, rank) => LogDets.Sum(slope, like, rank).to(ScalarType.Float64),
        }, Alone: true),

        // Deterministic
        new("draws from the global generator", "Deterministic", "the global random number generator", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + 0 * rand(1).item<float>(),
        }, Alone: true),
        new("keeps count in a buffer", "Deterministic", "'calls'", _ => new Sketch
        {
            Map = (f, x, c) =>
            {
                using var grad = no_grad();
                f.Calls.add_(1);
                using var on = enable_grad();
                return s_z(f, x, c);
            },
        }, Alone: true),
        new("sets the seed of the global generator", "Deterministic",
            "the global random number generator", _ => new Sketch
            {
                Map = (f, x, c) =>
                {
                    manual_seed(42);
                    return s_z(f, x, c);
                },
            }, Alone: true),
        new("leaves a parameter without gradients", "Deterministic",
            "whether parameter 'shift' requires gradients", _ => new Sketch
            {
                Map = (f, x, c) =>
                {
                    f.B.requires_grad_(false);
                    return s_z(f, x, c);
                },
            }, Alone: true),
        new("leaves itself in evaluation mode", "Deterministic", "the mode after Forward(x)", _ => new Sketch
        {
            Map = (f, x, c) =>
            {
                f.eval();
                return s_z(f, x, c);
            },
        }, Alone: true),
        new("draws a starting point where gradients are recorded", "Deterministic",
            "a second Forward(x) where gradients are recorded", _ => new Sketch
            {
                Map = (f, x, c) => s_z(f, x, c) + (is_grad_enabled() ? 1e-3 : 0) * rand(1, dtype: x.dtype),
            }),
        new("drops entries out", "Deterministic", "a second Forward", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + 0.1 * nn.functional.dropout(ones_like(x), training: true),
        }),

        // NoTensorSurvives
        new("forgets a temporary", "NoTensorSurvives", "1 tensors alive", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c).MoveToOuterDisposeScope() * 1,
        }, Alone: true),
        new("caches a tensor", "NoTensorSurvives", "LogDet", _ => new Sketch
        {
            FusedMap = (f, x, c) => s_z(f, x, c).DetachFromDisposeScope().alias(),
        }, Alone: true),
        new("changes its input", "NoTensorSurvives", "the point after", _ => new Sketch
        {
            Undo = (f, y, _) =>
            {
                using var grad = no_grad();
                y.sub_(f.B);
                return y * (-f.A).exp();
            },
        }),
        new("changes its context", "NoTensorSurvives", "the context after", _ => new Sketch
        {
            Map = (f, x, c) =>
            {
                using var grad = no_grad();
                c!.mul_(0.5);
                return s_z(f, x, c);
            },
        }, ContextSize: 2),
        new("forgets a temporary where gradients of the point are recorded", "NoTensorSurvives",
            "1 tensors alive", _ => new Sketch
            {
                Map = (f, x, c) => x.requires_grad ? s_z(f, x, c).MoveToOuterDisposeScope() * 1 : s_z(f, x, c),
            }, Alone: true),
        new("forgets a temporary in evaluation mode", "NoTensorSurvives", "1 tensors alive", _ => new Sketch
        {
            Map = (f, x, c) => f.training ? s_z(f, x, c) : s_z(f, x, c).MoveToOuterDisposeScope() * 1,
        }, Alone: true),
        new("gives its input back", "NoTensorSurvives", "the input itself", _ => new Crooked.Untouched(), Alone: true),
        new("has parameters that die with a scope", "NoTensorSurvives", "DetachFromDisposeScope",
            _ => new Crooked.ShortLived(), Alone: true),

        // FusedEqualsSeparate
        new("maps otherwise with the log-det", "FusedEqualsSeparate", "ForwardWithLogDet(x), entry", _ => new Sketch
        {
            FusedMap = (f, x, c) => s_z(f, x, c) + 1e-3,
        }, Alone: true),

        // ForwardAgrees
        new("is another map than it is written", "ForwardAgrees", "Forward(x)",
            _ => new Crooked.WrittenOtherwise(), Alone: true),

        // ModesAgree
        new("has another log-det where gradients are recorded", "ModesAgree",
            "ForwardWithLogDet(x).LogDet where gradients are recorded", _ => new Sketch
            {
                Slope = (f, _, _) => f.A + (is_grad_enabled() ? 0.1 : 0),
            }, Alone: true),
        new("has another log-det where gradients of the point are recorded", "ModesAgree",
            "InverseWithLogDet(y).LogDet where gradients of the point are recorded", _ => new Sketch
            {
                UndoSlope = (f, y, _) => (y.requires_grad ? 0.1 : 0) - f.A,
            }, Alone: true),
        new("is another map in evaluation mode", "ModesAgree", "Forward(x) in evaluation mode", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + (f.training ? 0 : 1),
            Undo = (f, y, _) => (y - (f.training ? 0 : 1) - f.B) * (-f.A).exp(),
        }),

        // Codomain
        new("declares a codomain it leaves", "Codomain", "entries in Positive",
            _ => new Sketch { Onto = Domain.Positive }, Alone: true),
        new("is not onto its codomain", "Codomain", "Inverse(y)", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c).exp(),
            Undo = (f, y, _) => (y.log() - f.B) * (-f.A).exp(),
            Slope = (f, x, c) => f.A + s_z(f, x, c),
            UndoSlope = (f, y, _) => -f.A - y.log(),
        }),

        // RoundTrip
        new("inverts another branch", "RoundTrip", "Inverse(Forward(x))", _ => new Sketch
        {
            Onto = Domain.Positive,
            Map = (f, x, c) => s_z(f, x, c).square(),
            Undo = (f, y, _) => (-y.sqrt() - f.B) * (-f.A).exp(),
            Slope = (f, x, c) => f.A + (2 * s_z(f, x, c)).abs().log(),
            UndoSlope = (f, y, _) => -f.A - (2 * y.sqrt()).log(),
        }, Alone: true),
        new("inverts in the wrong order", "RoundTrip", "Inverse(Forward(x))", _ => new Sketch
        {
            Undo = (f, y, _) => y * (-f.A).exp() - f.B,
        }, Alone: true),
        new("hides a domain error behind a clamp", "RoundTrip", "Forward(Inverse(y))", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c).exp(),
            Undo = (f, y, _) => (y.clamp_min(1e-3).log() - f.B) * (-f.A).exp(),
            Slope = (f, x, c) => f.A + s_z(f, x, c),
            UndoSlope = (f, y, _) => -f.A - y.clamp_min(1e-3).log(),
        }),
        new("has a causal network that says another order", "RoundTrip", "Inverse(Forward(x))",
            _ => new MaskedAutoregressive(new Preceding { Says = [2, 1, 0] })),
        new("has a causal network whose pass goes the other way", "RoundTrip", "Inverse(Forward(x))",
            _ => new MaskedAutoregressive(new Preceding { PassesOtherwise = true })),
        new("is clamped far out", "RoundTrip", "Inverse(Forward(x))", _ => new Sketch
        {
            Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()).clamp(-20, 20),
        }),
        new("is off at whole numbers", "RoundTrip", "at the point: [0, 0, 0]", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + 1e-3 * (x == x.round()).to(x.dtype),
        }, Alone: true),

        // LogDet
        new("is off by the same both ways", "LogDet", "ForwardWithLogDet(x).LogDet", _ => new Sketch
        {
            Slope = (f, _, _) => f.A + 0.1,
            UndoSlope = (f, _, _) => -f.A - 0.1,
        }, Alone: true),
        new("has another log-det far out", "LogDet", "ForwardWithLogDet(x).LogDet", _ => new Sketch
        {
            Slope = (f, x, _) => f.A + 0.1 * (x.abs() > 20).to(x.dtype),
        }, Alone: true),
        new("has the wrong sign both ways", "LogDet", "ForwardWithLogDet(x).LogDet", _ => new Sketch
        {
            Slope = (f, _, _) => -f.A,
            UndoSlope = (f, _, _) => f.A.alias(),
        }, Alone: true),
        new("has a causal network that goes round", "LogDet", "ForwardWithLogDet(x).LogDet",
            _ => new MaskedAutoregressive(new Preceding { GoesRound = true })),
        new("misses a term", "LogDet", "ForwardWithLogDet(x).LogDet", _ => new Sketch
        {
            Onto = Domain.Positive,
            Map = (f, x, c) => s_z(f, x, c).exp(),
            Undo = (f, y, _) => (y.log() - f.B) * (-f.A).exp(),
            UndoSlope = (f, y, _) => -f.A - y.log(),
        }),
        new("gives NaN for a log-det", "LogDet", "NaN", _ => new Sketch { Slope = (f, x, _) => f.A + 0 * x.log() }),
        new("takes a slope on the flat side", "LogDet", "InverseWithLogDet(y).LogDet", _ => new Sketch
        {
            From = Domain.Interval(-1, 1),
            Map = (f, x, _) => x.atanh() * f.A.exp() + f.B,
            Undo = (f, y, _) => ((y - f.B) * (-f.A).exp()).tanh(),
            Slope = (f, x, _) => f.A - x.log1p() - (-x).log1p(),
            UndoSlope = (f, y, _) => (-((y - f.B) * (-f.A).exp()).tanh().square()).log1p() - f.A,
        }),
        new("sums the log-det over the batch", "LogDet", "WithLogDet", _ => new Sketch
        {
            Sum = (slope, like, _) => slope.expand_as(like).sum(),
        }),

        // InverseLogDet: RoundTrip and LogDet together imply it, so no mutant is its alone.
        new("has one sign both ways", "InverseLogDet", "InverseWithLogDet(Forward(x)).LogDet", _ => new Sketch
        {
            UndoSlope = (f, _, _) => f.A.alias(),
        }),

        // ChangeOfMeasure
        new("is wrong in a narrow bin between the points", "ChangeOfMeasure",
            "the integral of the density that Forward makes", _ => new Sketch
            {
                Rank = 0,
                Map = (f, x, _) => x * f.A.mean().exp() + f.B.mean(),
                Undo = (f, y, _) => (y - f.B.mean()) * (-f.A.mean()).exp(),
                Slope = (f, x, _) => f.A.mean() + ((x - 2.9).abs() < 0.1).to(x.dtype),
                UndoSlope = (f, _, _) => -f.A.mean(),
            }, Alone: true),

        // Batching
        new("moves with the size of the batch", "Batching", "in one batch", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + x.numel() / 3,
            Undo = (f, y, _) => (y - f.B - y.numel() / 3) * (-f.A).exp(),
        }, Alone: true),
        new("normalizes by the batch", "Batching", "in one batch", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) - x.mean().detach(),
        }),
        new("counts on numbers without gaps in memory", "Batching", "Inverse of the points with gaps", _ => new Sketch
        {
            Undo = (f, y, _) => ((y.stride(-1) == 1 ? y : y.flip(-1)) - f.B) * (-f.A).exp(),
        }, Alone: true),
        new("forgets what is beyond a hundred points", "Batching", "in a batch of 321", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + (x.size(0) > 100 ? 1 : 0),
        }, Alone: true),
        new("adds up what lies beyond its event rank", "Batching", "what lies beyond the event rank", _ => new Sketch
        {
            Rank = 0,
            Map = (f, x, _) => (x * f.A.mean().exp() + f.B.mean()).cumsum(-1),
            Undo = (f, y, _) => (cat([y.narrow(-1, 0, 1), y.diff(dim: -1)], -1) - f.B.mean()) * (-f.A.mean()).exp(),
            Slope = (f, _, _) => f.A.mean(),
            UndoSlope = (f, _, _) => -f.A.mean(),
        }),
        new("takes each point for a place in memory of its own", "Batching",
            "of the first point in all places", _ => new Sketch
            {
                Map = (f, x, c) => s_z(f, x, c) + (x.dim() > 1 && x.stride(0) == 0 ? 1 : 0),
            }, Alone: true),

        // EventRankSum
        new("counts a shared log-det once", "EventRankSum", "eventRank: 2", _ => new Sketch
        {
            Sum = (slope, _, _) => slope.sum(-1),
        }, Alone: true),

        // Gradients
        new("detaches the log-det", "Gradients", "LogDet with respect to parameter 'logScale'", _ => new Sketch
        {
            Slope = (f, _, _) => f.A.detach(),
        }, Alone: true),
        new("detaches a parameter", "Gradients", "it is not reached", _ => new Sketch
        {
            Map = (f, x, _) => x * f.A.exp() + f.B.detach(),
        }, Alone: true),
        new("detaches the point", "Gradients", "with respect to the point", _ => new Sketch
        {
            Map = (f, x, _) => x.detach() * f.A.exp() + f.B,
        }),
        new("ignores its context", "Gradients", "with respect to the context", _ => new Sketch(),
            Alone: true, ContextSize: 2),

        new("has no gradient where it starts", "Gradients", "'shift' as the bijector is made", _ => new Sketch
        {
            Map = (f, x, _) => x * f.A.exp() + f.B.sign() * f.B.square().sqrt(),
        }, Alone: true),

        // GradientsAgree
        new("detaches a parameter where the point is data", "GradientsAgree",
            "parameter 'shift', asked of the parameters only", _ => new Sketch
            {
                Map = (f, x, _) => x * f.A.exp() + (x.requires_grad ? f.B : f.B.detach()),
            }, Alone: true),
        new("detaches the point where the parameters are frozen", "GradientsAgree",
            "the point, asked of the point only", _ => new Sketch
            {
                Map = (f, x, _) => (f.A.requires_grad ? x : x.detach()) * f.A.exp() + f.B,
            }, Alone: true),
        new("detaches a parameter in float32", "GradientsAgree",
            "the gradient of ForwardWithLogDet(x) with respect to parameter 'shift'", _ => new Sketch
            {
                Map = (f, x, _) => x * f.A.exp() + (x.dtype == ScalarType.Float32 ? f.B.detach() : f.B),
            }, Alone: true),
        new("detaches a parameter where no log-det is asked for", "GradientsAgree",
            "the gradient of Forward(x) with respect to parameter 'shift'", _ => new Sketch
            {
                Map = (f, x, _) => x * f.A.exp() + f.B.detach(),
                FusedMap = s_z,
            }, Alone: true),

        // Facts
        new("says its Jacobian is constant", "Facts", "HasConstantJacobian", _ => Sinh(constant: true), Alone: true),
        new("says it preserves volume", "Facts", "IsVolumePreserving",
            _ => new Sketch { ClaimsVolume = true }, Alone: true),
        new("reads the context and does not say so", "Facts", "under two contexts", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + c!.sum(-1, keepdim: true),
            Undo = (f, y, c) => (y - c!.sum(-1, keepdim: true) - f.B) * (-f.A).exp(),
            ClaimsToReadContext = false,
        }, Alone: true, ContextSize: 2),

        // FiniteAtEdges
        new("overflows far out", "FiniteAtEdges", "finite numbers", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c).sign() * s_z(f, x, c).square().expm1(),
            Undo = (f, y, _) => (y.sign() * y.abs().log1p().sqrt() - f.B) * (-f.A).exp(),
            Slope = (f, x, c) => f.A + (2 * s_z(f, x, c)).abs().log() + s_z(f, x, c).square(),
            UndoSlope = (f, y, _) => -f.A - (2 * y.abs().log1p().sqrt()).log() - y.abs().log1p(),
        }, Alone: true),
        new("cancels in the log-slope of tanh", "FiniteAtEdges", "LogDet", _ => new Sketch
        {
            Onto = Domain.Interval(-1, 1),
            Map = (f, x, c) => s_z(f, x, c).tanh(),
            Undo = (f, y, _) => (y.atanh() - f.B) * (-f.A).exp(),
            Slope = (f, x, c) => f.A + (1 - s_z(f, x, c).tanh().square()).log(),
            UndoSlope = (f, y, _) => -f.A - (1 - y.square()).log(),
        }),

        new("gives a NaN gradient far out", "FiniteAtEdges", "the gradient of ForwardWithLogDet(x)", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x, c) + 0 * where(s_z(f, x, c) < 10, (-s_z(f, x, c) + 10).sqrt(), 0),
        }, Alone: true),
        new("gives a NaN gradient at 0", "FiniteAtEdges", "at the point: [0, 0, 0]", _ => new Sketch
        {
            Map = (f, x, c) => s_z(f, x.sign() * x.square().sqrt(), c),
        }, Alone: true),

        // FrozenAgrees
        new("is frozen with another shift", "FrozenAgrees", "Forward(x) of the frozen copy",
            _ => new Sketch { Freeze = f => new Copied(f.A.detach().clone(), -f.B) }, Alone: true),
        new("is frozen with a scale that learns on", "FrozenAgrees", "after a step of training",
            _ => new Sketch { Freeze = f => new Copied(f.A.detach(), f.B.detach().clone()) }, Alone: true),
        new("is frozen with its parameters", "FrozenAgrees", "'logScale'",
            _ => new Sketch { Freeze = f => f.A.requires_grad ? new Sketch() : f }, Alone: true),

        new("is frozen with a buffer of its own in the copy", "FrozenAgrees",
            "its frozen copy disposed", _ => new Sketch
            {
                Freeze = f => new Copied(f.A.detach().clone(), f.B.detach().clone()) { Shared = f.Calls },
            }, Alone: true),

        // StateRoundTrip
        new("keeps its permutation to itself", "StateRoundTrip", "of the loaded bijector",
            seed => new Crooked.Shuffle(seed), Alone: true),
        new("hides a parameter in a list", "StateRoundTrip", "of the loaded bijector",
            seed => new Crooked.Listed(seed), Alone: true),
    ];

    private static Sketch Sinh(bool constant) => new()
    {
        ClaimsConstant = constant,
        Map = (f, x, c) => s_z(f, x, c).sinh(),
        Undo = (f, y, _) => (y.asinh() - f.B) * (-f.A).exp(),
        Slope = (f, x, c) => f.A + s_z(f, x, c).cosh().log(),
        UndoSlope = (f, y, _) => -f.A - y.square().log1p() / 2,
    };
}
