namespace Bijectors.Fuzz;

/// <summary>What a service that runs in this process writes, and where it listens.</summary>
internal sealed class ServiceOutput : StringWriter
{
    /// <summary>The address, as soon as it is told.</summary>
    public TaskCompletionSource<string> Address { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.IndexOf("http://", StringComparison.Ordinal) is { } start and >= 0)
        {
            Address.TrySetResult(value[start..value.IndexOf(';', start)]);
        }
    }
}
