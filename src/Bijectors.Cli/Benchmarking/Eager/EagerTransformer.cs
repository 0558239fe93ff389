namespace Bijectors.Cli;

/// <summary>
/// A transformer on <c>(N, tokens, channels)</c> of pre-normalized blocks,
/// <c>h = x + attention(norm(x)), y = h + contract(gelu(expand(norm(h))))</c>. Where it is causal it reads a learned
/// first token and all tokens but the last.
/// </summary>
internal sealed class EagerTransformer : EagerNetwork
{
    private readonly Linear _first;
    private readonly Tensor _positions;
    private readonly Block[] _blocks;
    private readonly Norm _norm;
    private readonly Linear _last;
    private readonly Tensor? _start;

    /// <summary>The network below a name.</summary>
    /// <param name="state">What it is made of.</param>
    /// <param name="heads">Heads of attention.</param>
    public EagerTransformer(EagerState state, long heads)
    {
        var inside = state.At("transformer");
        _first = new(inside.At("first"));
        _positions = inside["positions"];
        _blocks = [.. inside.Each("blocks").Select(block => new Block(block, heads))];
        _norm = new(inside.At("norm"));
        _last = new(inside.At("last"));
        _start = state.Has("start") ? state["start"] : null;
    }

    public override Tensor Evaluate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var read = _start is null ? x : cat([First(x), x.narrow(1, 0, x.size(1) - 1)], 1);
        var mask = _start is null ? null : full([x.size(1), x.size(1)], double.NegativeInfinity, x.dtype).triu(1);
        var h = _first.Apply(read) + _positions;
        foreach (var block in _blocks)
        {
            using var call = NewDisposeScope();
            using var previous = h;
            h = block.Apply(previous, mask).MoveToOuterDisposeScope();
        }

        return _last.Apply(_norm.Apply(h)).MoveToOuterDisposeScope();
    }

    /// <summary>What stands before the first token.</summary>
    /// <returns><c>(N, 1, channels)</c></returns>
    public Tensor First(Tensor like) => _start!.expand(like.size(0), 1, -1);

    /// <summary>The output at a place, given what is read there; keys and values of those before are kept.</summary>
    /// <param name="read"><c>(N, 1, channels)</c></param>
    /// <param name="place">The place.</param>
    public Tensor Step(Tensor read, long place)
    {
        using var scope = NewDisposeScope();
        var h = _first.Apply(read) + _positions.narrow(0, place, 1);
        foreach (var block in _blocks)
        {
            h = block.Step(h, isFirst: place == 0);
        }

        return _last.Apply(_norm.Apply(h)).MoveToOuterDisposeScope();
    }

    private sealed class Linear(EagerState state)
    {
        private readonly Tensor _weight = state["weight"];
        private readonly Tensor _bias = state["bias"];

        public Tensor Apply(Tensor x) => nn.functional.linear(x, _weight, _bias);
    }

    private sealed class Norm(EagerState state)
    {
        private readonly Tensor _weight = state["weight"];
        private readonly Tensor _bias = state["bias"];

        public Tensor Apply(Tensor x) => nn.functional.layer_norm(x, _weight.shape, _weight, _bias, 1e-5);
    }

    private sealed class Block(EagerState state, long heads)
    {
        private readonly Norm _attentionNorm = new(state.At("attentionNorm"));
        private readonly Linear _project = new(state.At("attention").At("project"));
        private readonly Linear _merge = new(state.At("attention").At("merge"));
        private readonly Norm _mlpNorm = new(state.At("mlpNorm"));
        private readonly Linear _expand = new(state.At("expand"));
        private readonly Linear _contract = new(state.At("contract"));
        private Tensor? _keys;
        private Tensor? _values;

        public Tensor Apply(Tensor x, Tensor? mask)
        {
            var (queries, keys, values) = Heads(x);
            return Mlp(x + Attend(queries, keys, values, mask));
        }

        public Tensor Step(Tensor x, bool isFirst)
        {
            var (queries, key, value) = Heads(x);
            using var previousKeys = _keys;
            using var previousValues = _values;
            _keys = (isFirst ? key.contiguous() : cat([previousKeys!, key], 2)).DetachFromDisposeScope();
            _values = (isFirst ? value.contiguous() : cat([previousValues!, value], 2)).DetachFromDisposeScope();
            return Mlp(x + Attend(queries, _keys, _values, mask: null));
        }

        private (Tensor Queries, Tensor Keys, Tensor Values) Heads(Tensor x)
        {
            var parts = _project.Apply(_attentionNorm.Apply(x)).unflatten(2, [3, heads, -1]).permute(2, 0, 3, 1, 4);
            return (parts.select(0, 0), parts.select(0, 1), parts.select(0, 2));
        }

        private Tensor Attend(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
        {
            var scores = (queries * (1 / Math.Sqrt(queries.size(-1)))).matmul(keys.transpose(-2, -1));
            var weights = (mask is null ? scores : scores + mask).softmax(-1);
            return _merge.Apply(weights.matmul(values).transpose(1, 2).flatten(2, 3));
        }

        private Tensor Mlp(Tensor h) =>
            h + _contract.Apply(nn.functional.gelu(_expand.Apply(_mlpNorm.Apply(h))));
    }
}
