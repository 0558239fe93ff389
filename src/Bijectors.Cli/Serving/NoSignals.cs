using Microsoft.Extensions.Hosting;

namespace Bijectors.Cli;

/// <summary>Leaves signals to <see cref="Interruption"/>, so that a second Ctrl-C ends the process.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
