using Bijectors.Training;

namespace Bijectors.Tests.Training;

/// <summary>
/// How an objective is trained where runs die at every step and go on. A class of the tests that derives from this one
/// is found by itself: an objective has its own beside its tests.
/// </summary>
internal abstract class ObjectiveRun
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, ObjectiveRun> Found { get; } = typeof(ObjectiveRun).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(ObjectiveRun)))
        .ToDictionary(type => type.Name, type => (ObjectiveRun)Activator.CreateInstance(type)!);

    /// <summary>The objective, and what it is trained on in epochs of a few batches.</summary>
    /// <param name="flow">A flow of two dimensions, which is trained.</param>
    public abstract (Objective Objective, BatchSource Source) Make(Flow flow);
}
