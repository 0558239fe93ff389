using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Parameters with a learning rate or a weight decay of their own. A parameter belongs to the first group that takes
/// it.
/// </summary>
public sealed class ParameterGroup
{
    private readonly Func<string, Parameter, bool> _takes;

    private ParameterGroup(Func<string, Parameter, bool> takes, double learningRateFactor, double? weightDecay)
    {
        if (!(learningRateFactor >= 0 && double.IsFinite(learningRateFactor)) || weightDecay is < 0 or double.NaN)
        {
            throw new ArgumentException(
                "ParameterGroup: expected a learning rate factor and a weight decay of at least 0, "
                + $"got {learningRateFactor} and {weightDecay}.");
        }

        (_takes, LearningRateFactor, WeightDecay) = (takes, learningRateFactor, weightDecay);
    }

    /// <summary>What the learning rate of each step is multiplied by.</summary>
    public double LearningRateFactor { get; }

    /// <summary>The weight decay; null for that of all others.</summary>
    public double? WeightDecay { get; }

    /// <summary>The parameters whose names fit.</summary>
    /// <param name="takes">Says of a name, as in the state dict, whether it belongs to the group.</param>
    /// <param name="learningRateFactor">What the learning rate is multiplied by; 0 leaves the parameters as they
    /// are.</param>
    /// <param name="weightDecay">The weight decay; null for that of all others.</param>
    /// <exception cref="ArgumentException">A number is negative or not finite.</exception>
    public static ParameterGroup Named(
        Func<string, bool> takes, double learningRateFactor = 1, double? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(takes);
        return new ParameterGroup((name, _) => takes(name), learningRateFactor, weightDecay);
    }

    /// <summary>The parameters of some modules.</summary>
    /// <param name="modules">Parts of what is trained.</param>
    /// <param name="learningRateFactor">What the learning rate is multiplied by; 0 leaves the parameters as they
    /// are.</param>
    /// <param name="weightDecay">The weight decay; null for that of all others.</param>
    /// <exception cref="ArgumentException">A number is negative or not finite.</exception>
    public static ParameterGroup Of(
        IEnumerable<nn.Module> modules, double learningRateFactor = 1, double? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var handles = modules.SelectMany(module => module.parameters()).Select(one => one.Handle).ToHashSet();
        return new ParameterGroup((_, one) => handles.Contains(one.Handle), learningRateFactor, weightDecay);
    }

    /// <summary>Whether a parameter fits.</summary>
    internal bool Takes(string name, Parameter parameter) => _takes(name, parameter);
}
