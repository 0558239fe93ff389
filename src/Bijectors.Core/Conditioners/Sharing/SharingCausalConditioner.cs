using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A causal network that shares all but its last layer with those of other steps: the parameters of the feature i are
/// <c>theta_i = W_i elu(h_i) + b_i</c>, where h_i are the R numbers that the trunk <c>N(x, [c, e])</c> gives for it,
/// which belongs to all of them, and W, b and the embedding e to this one.
/// </summary>
/// <remarks>
/// The last layer takes the numbers of one feature only, so that it keeps the order of the trunk, whatever that is.
/// Everything else is as in <see cref="SharingConditioner"/>.
/// </remarks>
public sealed class SharingCausalConditioner : CausalConditioner
{
    private const double Gain = 1e-2;

    private readonly CausalConditioner trunk;

    // (D R, P) and (D, P) for P parameters of each of D features; constants in a frozen network.
    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly Tensor? embedding;

    /// <summary>A network of a trunk.</summary>
    /// <param name="trunk">The trunk, of a context of the size <c>C + E</c> for a context of size C; its
    /// <see cref="CausalConditioner.Outputs"/> are the R numbers of each feature.</param>
    /// <param name="features">The number D of features.</param>
    /// <param name="outputs">How many parameters come out for each feature.</param>
    /// <param name="embeddingSize">The size E of the embedding; 0 for none.</param>
    /// <param name="generator">What the embedding, uniform from -1 to 1, and W are drawn from.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the trunk takes a smaller context than the
    /// embedding.</exception>
    public SharingCausalConditioner(
        CausalConditioner trunk, long features, int outputs, long embeddingSize, Generator generator)
        : base(StepEmbedding.ContextSize(nameof(SharingCausalConditioner), trunk, embeddingSize), outputs)
    {
        Numbers.CheckCount(nameof(SharingCausalConditioner), "a number of features", features, least: 1);
        this.trunk = trunk;
        weight = Initial.Uniform(Gain / Math.Sqrt(trunk.Outputs), generator, features * trunk.Outputs, outputs);
        bias = Initial.Constant(0, features, outputs);
        Features = features;
        embedding = StepEmbedding.Of(embeddingSize, generator);
        RegisterComponents();
    }

    private SharingCausalConditioner(SharingCausalConditioner source)
        : base(source.ContextSize, source.Outputs)
    {
        trunk = source.trunk.Frozen();
        weight = Initial.Snapshot(source.weight);
        bias = Initial.Snapshot(source.bias);
        Features = source.Features;
        embedding = source.embedding is null ? null : Initial.Snapshot(source.embedding);
        RegisterComponents();
    }

    /// <summary>The network that is shared.</summary>
    public CausalConditioner Trunk => trunk;

    /// <summary>The number D of features.</summary>
    public long Features { get; }

    /// <summary>The size of the embedding.</summary>
    public long EmbeddingSize => embedding?.size(0) ?? 0;

    /// <inheritdoc/>
    public override int EventRank => trunk.EventRank;

    /// <inheritdoc/>
    public override int FeatureAxis => trunk.FeatureAxis;

    /// <inheritdoc/>
    public override int CausalAxis => trunk.CausalAxis;

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Order => trunk.Order;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        trunk.OutputShape(input);
        return WithFeatures(input, Features, Outputs * Features);
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(input, context);
        using var read = StepEmbedding.Behind(aligned, embedding);
        using var units = trunk.Evaluate(input, read);
        return Last(units, weight, bias);
    }

    /// <inheritdoc/>
    public override ConditionerPass Begin(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckEvent(like);
        return new Pass(this, like, context);
    }

    /// <inheritdoc/>
    public override CausalConditioner Frozen() => new SharingCausalConditioner(this);

    /// <summary>The last layer, of the features that the weights are for.</summary>
    private Tensor Last(Tensor units, Tensor weights, Tensor biases)
    {
        using var scope = NewDisposeScope();
        var features = biases.size(0);
        var rows = Activation.Elu.Apply(units).transpose(FeatureAxis, -1);
        var byFeature = rows.reshape(-1, trunk.Outputs, features).permute(2, 0, 1);
        var ofFeatures = weights.reshape(features, trunk.Outputs, Outputs);
        var parameters = (byFeature.matmul(ofFeatures) + biases.unsqueeze(1)).permute(1, 2, 0);
        return parameters.reshape([.. rows.shape[..^1], Outputs * features]).transpose(FeatureAxis, -1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>A pass of the trunk, and the last layer of each entry.</summary>
    private sealed class Pass : ConditionerPass
    {
        private readonly SharingCausalConditioner _network;
        private readonly Tensor? _read;
        private readonly ConditionerPass _trunk;
        private int _known;

        public Pass(SharingCausalConditioner network, Tensor like, Tensor? context)
            : base(network)
        {
            using var leaving = no_grad();
            using var aligned = network.Aligned(like, context);
            _network = network;
            _read = StepEmbedding.Behind(aligned, network.embedding);
            _trunk = network.trunk.Begin(like, _read);
        }

        public override Tensor Evaluate()
        {
            using var leaving = no_grad();
            using var given = _trunk.Evaluate();
            if (_network.CausalAxis != _network.FeatureAxis)
            {
                return _network.Last(given, _network.weight, _network.bias);
            }

            var place = _network.Order is { } order ? order[_known] : _known;
            var units = _network.trunk.Outputs;
            using var weight = _network.weight.narrow(0, place * units, units);
            using var bias = _network.bias.narrow(0, place, 1);
            return _network.Last(given, weight, bias);
        }

        public override void Append(Tensor entry)
        {
            _trunk.Append(entry);
            _known++;
        }

        protected override void Dispose(bool disposing)
        {
            _trunk.Dispose();
            _read?.Dispose();
        }
    }
}
