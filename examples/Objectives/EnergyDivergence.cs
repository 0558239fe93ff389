using Bijectors;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>An objective written by hand: the mean of <c>log q(x) + U(x)</c>, which is <c>KL(q || p) - log
/// Z</c>.</summary>
public sealed class EnergyDivergence(Flow q) : Objective(q)
{
    public override LossUnit Unit => LossUnit.Nats;

    public override Tensor Loss(Batch batch, Generator noise)
    {
        var (x, logProb) = q.SampleWithLogProb(256, generator: noise);
        return (logProb + Banana.Energy(x)).mean();
    }
}
