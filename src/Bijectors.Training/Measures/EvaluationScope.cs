using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Inside it a flow is in evaluation mode, no gradients are recorded, and what is left behind is disposed.
/// </summary>
internal sealed class EvaluationScope : IDisposable
{
    private readonly Flow _flow;
    private readonly bool _wasTraining;
    private readonly IDisposable _ungraded = no_grad();
    private readonly DisposeScope _scope = NewDisposeScope();

    public EvaluationScope(Flow flow)
    {
        (_flow, _wasTraining) = (flow, flow.training);
        _flow.eval();
    }

    public void Dispose()
    {
        _flow.train(_wasTraining);
        _scope.Dispose();
        _ungraded.Dispose();
    }
}
