using Bijectors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>
/// Independent Laplace elements of scale s: <c>log p(x) = -|x| / s - log 2 s</c>, summed over the event.
/// </summary>
public sealed class Laplace : Distribution
{
    private readonly Parameter logScale;

    public Laplace(Shape eventShape)
        : base(eventShape)
    {
        logScale = nn.Parameter(zeros([], ScalarType.Float32));
        RegisterComponents();
    }

    public override Domain Support => Domain.Real;

    public override ScalarType Dtype => logScale.dtype;

    public override Device Device => logScale.device;

    public override bool IsReparameterized => true;

    protected override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var each = -x.abs() * (-logScale).exp() - logScale - Math.Log(2);
        return LogDets.Sum(each, x, EventShape.Rank).MoveToOuterDisposeScope();
    }

    protected override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. batch, .. EventShape.ToArray()];

        // The quantile of u in (-1/2, 1/2): -sign(u) log(1 - 2 |u|).
        var u = (rand(shape, Dtype, Device, generator: generator) - 0.5) * (1 - finfo(Dtype).eps);
        return (-u.sign() * (-2 * u.abs()).log1p() * logScale.exp()).MoveToOuterDisposeScope();
    }
}
