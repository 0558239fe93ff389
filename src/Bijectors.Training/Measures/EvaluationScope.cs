using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Inside it a module is in evaluation mode, no gradients are recorded, and what is left behind is disposed.
/// </summary>
internal sealed class EvaluationScope : IDisposable
{
    private readonly nn.Module _module;
    private readonly bool _wasTraining;
    private readonly IDisposable _ungraded = no_grad();
    private readonly DisposeScope _scope = NewDisposeScope();

    public EvaluationScope(nn.Module module)
    {
        (_module, _wasTraining) = (module, module.training);
        _module.eval();
    }

    public void Dispose()
    {
        _module.train(_wasTraining);
        _scope.Dispose();
        _ungraded.Dispose();
    }
}
