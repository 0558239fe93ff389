using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The running average <c>a = d a + (1 - d) p</c> of the weights over the steps, and a means to look at the module
/// through it. The first steps use the smaller decay <c>(1 + t) / (10 + t)</c>.
/// </summary>
public sealed class WeightAverage : ICheckpointed, IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly double _decay;
    private readonly Tensor _average;
    private readonly Tensor _latest;
    private long _steps;
    private bool _entered;

    /// <summary>An average that begins with the weights as they are.</summary>
    /// <param name="adam">The optimizer whose weights are averaged; it must live as long.</param>
    /// <param name="decay">The decay d, in [0, 1).</param>
    /// <exception cref="ArgumentException">The decay is out of range.</exception>
    public WeightAverage(FlatAdam adam, double decay)
    {
        ArgumentNullException.ThrowIfNull(adam);
        if (!(decay is >= 0 and < 1))
        {
            throw new ArgumentException($"WeightAverage: expected a decay of 0 or more and less than 1, got {decay}.");
        }

        (_parameters, _decay) = (adam.Parameters, decay);
        _average = _parameters.Values.clone().DetachFromDisposeScope();
        _latest = empty_like(_parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>Moves the average towards the current weights.</summary>
    public void Update()
    {
        // Early on the average would be the random start, so it forgets faster.
        var d = Math.Min(_decay, (1.0 + _steps) / (10.0 + _steps));
        _steps++;
        using var ungraded = no_grad();
        using var difference = _parameters.Values - _average;
        _average.add_(difference, alpha: 1 - d);
    }

    /// <summary>Puts the average in the place of the weights, to look at the module or to keep it.</summary>
    /// <exception cref="InvalidOperationException">It is there already.</exception>
    public void Enter()
    {
        Expect(entered: false);
        using var ungraded = no_grad();
        _latest.copy_(_parameters.Values);
        _parameters.Values.copy_(_average);
        _parameters.Changed();
    }

    /// <summary>Puts the weights back, to train on.</summary>
    /// <exception cref="InvalidOperationException">They are there already.</exception>
    public void Leave()
    {
        Expect(entered: true);
        using var ungraded = no_grad();
        _parameters.Values.copy_(_latest);
        _parameters.Changed();
    }

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("average", _average);
        state.Put("steps", _steps);
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Restore("average", _average);
        _steps = state.Whole("steps");
    }

    /// <summary>Frees the average.</summary>
    public void Dispose()
    {
        _average.Dispose();
        _latest.Dispose();
    }

    private void Expect(bool entered)
    {
        if (_entered != entered)
        {
            throw new InvalidOperationException(
                $"WeightAverage: expected Enter and Leave in turn, got {(entered ? "Leave" : "Enter")} twice.");
        }

        _entered = !entered;
    }
}
