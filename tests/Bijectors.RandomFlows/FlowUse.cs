using Bijectors.Testing;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.RandomFlows;

/// <summary>
/// A flow in use: steps of training, changes in place, views, dtypes, contexts, frozen copies and disposal, in an
/// order that is drawn. After each it must be what a new flow with the same numbers is, and each frozen copy what it
/// was when it was made.
/// </summary>
internal sealed class FlowUse : IDisposable
{
    public const string Name = "Use";

    private const int Acts = 8;
    private const long Points = 5;
    private const string ChangedInPlace = "modified by an inplace operation";

    private readonly RandomFlow _drawn;
    private readonly int _seed;
    private readonly Random _chance;
    private readonly (string Name, Func<string?> Do)[] _acts;
    private readonly List<FrozenCopy> _frozen = [];
    private Flow _flow;
    private Tensor _x;
    private Tensor? _context;

    private FlowUse(RandomFlow drawn, int seed)
    {
        (_drawn, _seed, _chance) = (drawn, seed, new Random(seed));
        _flow = drawn.Declare(seed);
        _flow.to(ScalarType.Float64);
        using var generator = new Generator((ulong)seed);
        _context = drawn.ContextSize is { } size
            ? randn([Points, size], ScalarType.Float64, generator: generator)
            : null;
        _x = _flow.Sample(Points, _context, generator).detach();
        (string, Func<string?>)[] acts =
        [
            ("trained", Train), ("asked at a view", View),
            ("points changed before a backward pass", () => Pending(Change.Points)),
            ("parameters changed before a backward pass", () => Pending(Change.Parameters)),
            ("trained before a backward pass", () => Pending(Change.Step)), ("in another dtype", Convert),
            ("frozen", Freeze), ("a frozen copy disposed", DisposeCopy),
            ("its numbers taken over by a new one", Succeed), ("asked for gradients", Gradients),
            ("sampled", Sample), ("in the other mode", Switch),
        ];
        _acts = drawn.ContextSize is null ? acts : [.. acts, ("asked under several contexts", Contexts)];
    }

    private ScalarType DType => _x.dtype;

    /// <summary>What goes wrong while a flow is used; null where nothing does.</summary>
    public static Failure? Find(RandomFlow drawn, int seed)
    {
        using var scope = NewDisposeScope();
        using var use = new FlowUse(drawn, seed);
        var lived = new List<string>();
        for (var i = 0; i < Acts; i++)
        {
            var (name, act) = use._acts[use._chance.Next(use._acts.Length)];
            lived.Add(name);
            using var step = NewDisposeScope();
            if ((act() ?? use.Changed()) is { } wrong)
            {
                return new(Name, $"Of a flow {string.Join(", then ", lived)} (seed {seed}): {wrong}");
            }
        }

        return null;
    }

    public void Dispose()
    {
        _flow.Dispose();
        _frozen.ForEach(one => one.Copy.Dispose());
    }

    /// <summary>Where the flow is no longer a new one with its numbers, or a frozen copy not what it was.</summary>
    private string? Changed()
    {
        using var ungraded = no_grad();
        using var twin = Twin();
        return Differs("LogProb", twin.LogProb(_x, _context), _flow.LogProb(_x, _context))
            ?? _frozen.Select(
                one => Differs("LogProb of a frozen copy", one.Said, one.Copy.LogProb(one.X, one.Context)))
                .FirstOrDefault(wrong => wrong is not null);
    }

    private string? Train()
    {
        if (Parameters() is not { Length: > 0 } parameters)
        {
            return null;
        }

        if (_chance.Next(2) == 0)
        {
            using var adam = new FlatAdam(_flow);
            Steps(adam.ZeroGradients, () => adam.Step(1e-3));
        }
        else
        {
            using var adam = optim.Adam(parameters.Cast<TorchSharp.Modules.Parameter>(), 1e-3);
            Steps(() => adam.zero_grad(), () => adam.step());
        }

        return parameters.All(parameter => parameter.isfinite().all().item<bool>())
            ? null
            : "A parameter is not finite.";

        void Steps(Action clear, Action step)
        {
            for (var i = 0; i < 2; i++)
            {
                clear();
                Loss(_flow, _x).backward();
                step();
            }
        }
    }

    /// <summary>
    /// A gradient asked for after points or parameters were changed is that of before, or autograd says
    /// why there is none.
    /// </summary>
    private string? Pending(Change change)
    {
        var x = _x.clone();
        if (Parameters() is not { Length: > 0 } parameters)
        {
            return null;
        }

        using var adam = change == Change.Step ? new FlatAdam(_flow) : null;
        var expected = autograd.grad([Loss(_flow, x)], parameters, allow_unused: true);
        var loss = Loss(_flow, x);
        var said = loss.detach().clone();
        using (no_grad())
        {
            Make(change, x, parameters, adam);
        }

        try
        {
            // Not autograd.grad, in which the binding lets an exception of torch end the process.
            _flow.zero_grad();
            BackwardPass.Run(loss);
            return Differs("LogProb", said, loss.detach())
                ?? Differ(expected, parameters.Select(parameter => parameter.grad));
        }
        catch (Exception e) when (e.Message.Contains(ChangedInPlace, StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static void Make(Change change, Tensor x, Tensor[] parameters, FlatAdam? adam)
    {
        if (change == Change.Points)
        {
            x.mul_(0.5);
        }
        else if (adam is null)
        {
            Array.ForEach(parameters, parameter => parameter.mul_(1.01));
        }
        else
        {
            Array.ForEach(parameters, parameter => parameter.grad!.fill_(1));
            adam.Step(1e-3);
        }
    }

    private string? View()
    {
        using var ungraded = no_grad();
        var rank = _x.dim();
        Tensor view = _chance.Next(5) switch
        {
            0 when rank > 1 => _x.transpose(0, rank - 1).contiguous().transpose(0, rank - 1),
            1 => cat([_x, _x], 0).flip(0)[TensorIndex.Slice(null, null, 2)],
            2 => _x[TensorIndex.Slice(0, 1)].expand(_x.shape),
            3 => cat([zeros_like(_x), _x], 0)[TensorIndex.Slice(Points)],
            _ => Negated(_x),
        };
        return Differs("LogProb", _flow.LogProb(view.contiguous().clone(), _context), _flow.LogProb(view, _context));

        // Torch keeps the sign of an imaginary part beside the numbers.
        static Tensor Negated(Tensor x) => complex(x, -x).conj().imag;
    }

    private string? Convert()
    {
        var dtype = DType == ScalarType.Float64 ? ScalarType.Float32 : ScalarType.Float64;
        _flow.to(dtype);
        (_x, _context) = (_x.to(dtype).MoveToOuterDisposeScope(), _context?.to(dtype).MoveToOuterDisposeScope());
        if (!_flow.Support.Contains(_x).all().item<bool>())
        {
            // What sums to one in float32 does not in float64.
            using var ungraded = no_grad();
            using var generator = new Generator((ulong)_seed);
            _x = _flow.Sample(Points, _context, generator).MoveToOuterDisposeScope();
        }

        return null;
    }

    private string? Freeze()
    {
        using var ungraded = no_grad();
        var copy = _flow.Frozen();
        _frozen.Add(new(copy, _x, _context, copy.LogProb(_x, _context).MoveToOuterDisposeScope()));
        return Differs("LogProb of the frozen copy", _flow.LogProb(_x, _context), _frozen[^1].Said);
    }

    private string? DisposeCopy()
    {
        if (_frozen.Count > 0)
        {
            var index = _chance.Next(_frozen.Count);
            _frozen[index].Copy.Dispose();
            _frozen.RemoveAt(index);
        }

        return null;
    }

    private string? Succeed()
    {
        var next = Twin();
        _flow.Dispose();
        _flow = next;
        return null;
    }

    private string? Gradients()
    {
        using var twin = Twin();
        var (own, other) = (Parameters(), twin.parameters().Where(p => p.requires_grad).ToArray<Tensor>());
        return own.Length == 0 ? null
            : Differ(
                autograd.grad([Loss(twin, _x)], other, allow_unused: true),
                autograd.grad([Loss(_flow, _x)], own, allow_unused: true));
    }

    private string? Sample()
    {
        using var ungraded = no_grad();
        using var twin = Twin();
        using var one = new Generator((ulong)_seed);
        using var other = new Generator((ulong)_seed);
        return Differs("Sample", twin.Sample(Points, _context, one), _flow.Sample(Points, _context, other));
    }

    private string? Switch()
    {
        _flow.train(!_flow.training);
        return null;
    }

    /// <summary>All points under all contexts in one call are each point under each context.</summary>
    private string? Contexts()
    {
        using var ungraded = no_grad();
        var together = _flow.LogProb(_x.unsqueeze(1), _context!.unsqueeze(0));
        var each = stack(_context.unbind(0).Select(context => _flow.LogProb(_x, context)), 1);
        var one = _flow.LogProb(_x[0], _context);
        using var generator = new Generator((ulong)_seed);
        var (samples, logProb) = _flow.SampleEachWithLogProb(2, _context, generator);
        return Differs("LogProb of all points under all contexts", each, together)
            ?? Differs("LogProb of one point under all contexts", each[0], one)
            ?? (samples.shape[..2] is [Points, 2]
                ? null
                : $"SampleEach gives a shape of [{string.Join(", ", samples.shape)}].")
            ?? (DType == ScalarType.Float64
                ? Differs("LogProb of samples", logProb, _flow.LogProb(samples, _context)) : null);
    }

    /// <summary>A new flow with the numbers of this one.</summary>
    private Flow Twin()
    {
        using var ungraded = no_grad();
        var twin = _drawn.Declare(_seed);
        twin.to(DType);
        twin.load_state_dict(_flow.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        return twin;
    }

    private Tensor[] Parameters() => [.. _flow.parameters().Where(parameter => parameter.requires_grad)];

    private Tensor Loss(Flow flow, Tensor x) => -flow.LogProb(x, _context).mean();

    private static string? Differ(IEnumerable<Tensor?> expected, IEnumerable<Tensor?> got) => expected.Zip(got)
        .Select((pair, i) => pair switch
        {
            ({ } one, { } other) => Differs($"Gradient {i}", one, other),
            (null, null) => null,
            _ => $"Gradient {i} is there in one of two flows.",
        })
        .FirstOrDefault(wrong => wrong is not null);

    // The same numbers in the same order; only where they lie in memory may change a rounding.
    private static string? Differs(string what, Tensor expected, Tensor got)
    {
        using var ungraded = no_grad();
        var close = expected.dtype == ScalarType.Float64 ? 1e-8 : 1e-2;
        var same = expected.isclose(got, close, close, nanEqual: true);
        return same.all().item<bool>() ? null : $"{what} is {Text(got)} where {Text(expected)} was expected.";
    }

    private static string Text(Tensor x) => $"[{string.Join(", ", x.to(ScalarType.Float64).flatten().data<double>())}]";

    /// <summary>What is changed in place between a forward pass and its backward pass.</summary>
    private enum Change
    {
        Points,
        Parameters,
        Step,
    }

    /// <summary>A frozen copy, the points that it was asked at when it was made, and what it said.</summary>
    private sealed record FrozenCopy(Flow Copy, Tensor X, Tensor? Context, Tensor Said);
}
