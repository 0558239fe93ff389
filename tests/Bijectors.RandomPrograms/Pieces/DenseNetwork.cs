using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.RandomPrograms;

/// <summary>A small network from events of one shape to <paramref name="copies"/> events of another, between -1 and
/// 1.</summary>
public sealed class DenseNetwork : Conditioner
{
    private readonly Dense first;
    private readonly Dense second;
    private readonly Shape _source;
    private readonly Shape _target;

    /// <summary>A network with weights drawn from a seed.</summary>
    public DenseNetwork(Shape from, Shape to, int seed, long contextSize = 0, int copies = 2)
        : base(contextSize)
    {
        (_source, _target) = (from, to.With(-to.Rank, copies * to[-to.Rank]));
        using var generator = new Generator((ulong)seed);
        first = new(from.Size + contextSize, 5, generator);
        second = new(5, _target.Size, generator);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => _source.Rank;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        input.Rank >= _source.Rank && input.Trailing(_source.Rank) == _source
            ? input.Leading(_source.Rank).Then(_target)
            : throw new ShapeException(nameof(DenseNetwork), $"expected {_source}", $"got {input}");

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var flat = input.flatten(input.dim() - _source.Rank);
        var joined = ContextSize == 0 ? flat : cat([flat, Aligned(input, context)!], -1);
        var output = second.Apply(first.Apply(joined).tanh()).tanh();
        return output.unflatten(output.dim() - 1, _target.ToArray()).MoveToOuterDisposeScope();
    }
}
