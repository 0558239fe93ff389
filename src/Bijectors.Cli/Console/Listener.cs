namespace Bijectors.Cli;

/// <summary>Hears on the thread that reports, where <see cref="Progress{T}"/> would come late on another.</summary>
internal sealed class Listener<T>(Action<T> hear) : IProgress<T>
{
    public void Report(T value) => hear(value);
}
