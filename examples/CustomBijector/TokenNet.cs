using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Reads (tokens, channels): every token beside the mean of all tokens, and the context.</summary>
public sealed class TokenNet : Conditioner
{
    private readonly Dense first;
    private readonly Dense last;
    private readonly long _channels;
    private readonly long _outputs;

    public TokenNet(long channels, long outputs, long hidden, Generator generator, long contextSize = 0)
        : base(contextSize)
    {
        (_channels, _outputs) = (channels, outputs);
        first = new Dense(2 * channels + contextSize, hidden, generator);
        last = new Dense(hidden, outputs, generator, gain: 0);
        RegisterComponents();
    }

    private TokenNet(TokenNet source)
        : base(source.ContextSize)
    {
        (_channels, _outputs) = (source._channels, source._outputs);
        first = source.first.Frozen();
        last = source.last.Frozen();
        RegisterComponents();
    }

    public override int EventRank => 2;

    public override int FeatureAxis => -1;              // (tokens, channels): the channels are the features

    public override Shape OutputShape(Shape input) => WithFeatures(input, _channels, _outputs);

    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var all = input.mean([-2], keepdim: true).expand_as(input);
        var read = cat([input, all], -1);
        if (Aligned(input, context) is { } aligned)     // (batch..., C), one for each event
        {
            read = cat([read, aligned.unsqueeze(-2).expand([.. input.shape[..^1], ContextSize])], -1);
        }

        return last.Apply(first.Apply(read).tanh()).MoveToOuterDisposeScope();
    }

    public override Conditioner Frozen() => new TokenNet(this);
}
