using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>
/// Reads images (1, 8, 8) of a context: a convolutional network, and the mean of its features over the image.
/// </summary>
public sealed class Pooled : Conditioner
{
    private readonly ConvNet net;

    public Pooled(Generator generator)
        : base(contextSize: 0)
    {
        net = new ConvNet(1, 4, 8, generator);
        RegisterComponents();
    }

    private Pooled(ConvNet net)
        : base(contextSize: 0)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 3;

    public override Shape OutputShape(Shape input) => Shape.Vector(net.OutputShape(input)[0]);

    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        using var features = net.Evaluate(input, null);
        return features.mean([-2, -1]);
    }

    public override Conditioner Frozen() => new Pooled((ConvNet)net.Frozen());
}
