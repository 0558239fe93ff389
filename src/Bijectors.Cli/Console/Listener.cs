namespace Bijectors.Cli;

/// <summary>
/// Runs the action on the thread that reports; <see cref="Progress{T}"/> would run it later on another.
/// </summary>
internal sealed class Listener<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
