namespace Bijectors.Cli;

/// <summary>
/// A residual network on the last dimension: a linear layer, blocks <c>h + second(relu(first(relu(h))))</c>, a linear
/// layer. Where there are masks, every call multiplies the weights by them, as a <c>MaskedLinear</c> does.
/// </summary>
/// <remarks>Source: the <c>ResidualNet</c> and the <c>MADE</c> of nflows.</remarks>
internal sealed class EagerResidualNetwork : EagerNetwork
{
    private readonly Layer _initial;
    private readonly (Layer First, Layer Second)[] _blocks;
    private readonly Layer _final;

    /// <summary>The network below a name.</summary>
    public EagerResidualNetwork(EagerState state)
    {
        Tensor? Mask(string name) => state.Has(name) ? state[name] : null;
        _initial = new(state.At("initial"), Mask("inputMask"));
        _blocks = [.. state.Each("blocks").Select(block => (
            new Layer(block.At("first"), Mask("hiddenMask")), new Layer(block.At("second"), Mask("hiddenMask"))))];
        _final = new(state.At("final"), Mask("outputMask"));
    }

    public override Tensor Evaluate(Tensor x)
    {
        using var scope = NewDisposeScope();
        var h = _initial.Apply(x);
        foreach (var (first, second) in _blocks)
        {
            using var call = NewDisposeScope();
            using var previous = h;
            h = (previous + second.Apply(first.Apply(previous.relu()).relu())).MoveToOuterDisposeScope();
        }

        return _final.Apply(h).MoveToOuterDisposeScope();
    }

    private sealed class Layer(EagerState state, Tensor? mask)
    {
        private readonly Tensor _weight = state["weight"];
        private readonly Tensor _bias = state["bias"];

        public Tensor Apply(Tensor x)
        {
            if (mask is null)
            {
                return nn.functional.linear(x, _weight, _bias);
            }

            using var masked = _weight * mask;
            return nn.functional.linear(x, masked, _bias);
        }
    }
}
