using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>The running average of the weights over the steps, and a way to look at the flow through it.</summary>
internal sealed class WeightAverage(FlatParameters parameters, double decay) : IDisposable
{
    private readonly Tensor _average = parameters.Values.clone().DetachFromDisposeScope();
    private readonly Tensor _latest = empty_like(parameters.Values).DetachFromDisposeScope();
    private long _steps;

    /// <summary>Moves the average towards the weights at hand.</summary>
    public void Update()
    {
        // Early on the average would be the random start, so it forgets faster.
        var d = Math.Min(decay, (1.0 + _steps) / (10.0 + _steps));
        _steps++;
        using var ungraded = no_grad();
        using var way = parameters.Values - _average;
        _average.add_(way, alpha: 1 - d);
    }

    /// <summary>Puts the average in the place of the weights.</summary>
    public void Enter()
    {
        using var ungraded = no_grad();
        _latest.copy_(parameters.Values);
        parameters.Values.copy_(_average);
        parameters.Changed();
    }

    /// <summary>Puts the weights back, to train on.</summary>
    public void Leave()
    {
        using var ungraded = no_grad();
        parameters.Values.copy_(_latest);
        parameters.Changed();
    }

    public void Dispose()
    {
        _average.Dispose();
        _latest.Dispose();
    }
}
