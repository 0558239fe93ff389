using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Causal over the tokens of (tokens, channels): each is given parameters by the sum of the tokens before
/// it.</summary>
public sealed class EarlierTokens : CausalConditioner
{
    private readonly Dense first;
    private readonly Dense last;
    private readonly long _channels;

    public EarlierTokens(long channels, long hidden, Generator generator)
        : base(contextSize: 0, outputs: 2)
    {
        _channels = channels;
        first = new Dense(channels, hidden, generator);
        last = new Dense(hidden, 2 * channels, generator, gain: 0.1);
        RegisterComponents();
    }

    private EarlierTokens(EarlierTokens source)
        : base(source.ContextSize, source.Outputs)
    {
        _channels = source._channels;
        first = source.first.Frozen();
        last = source.last.Frozen();
        RegisterComponents();
    }

    public override int EventRank => 2;

    public override int FeatureAxis => -1;

    public override int CausalAxis => -2;

    public override Shape OutputShape(Shape input) => WithFeatures(input, _channels, 2 * _channels);

    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var sum = input.cumsum(-2);
        using var before = sum - input;
        return OfSum(before);
    }

    // Without this the inverse evaluates the whole network once for each token.
    public override ConditionerPass Begin(Tensor like, Tensor? context) => new Pass(this, like);

    public override CausalConditioner Frozen() => new EarlierTokens(this);

    private Tensor OfSum(Tensor before)
    {
        using var hidden = first.Apply(before);
        using var active = hidden.tanh();
        return last.Apply(active);
    }

    private sealed class Pass(EarlierTokens network, Tensor like) : ConditionerPass(network)
    {
        private readonly Tensor _before = zeros_like(like.narrow(-2, 0, 1));

        public override Tensor Evaluate() => network.OfSum(_before);

        public override void Append(Tensor entry) => _before.add_(entry);

        protected override void Dispose(bool disposing) => _before.Dispose();
    }
}
