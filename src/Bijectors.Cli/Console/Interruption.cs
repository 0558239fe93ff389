using System.Runtime.InteropServices;

namespace Bijectors.Cli;

/// <summary>
/// Turns the first Ctrl-C, a request to terminate, or the end of the terminal into a token; the second one ends the
/// process as usual, but for the end of the terminal, of which shell and system both tell.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // Never disposed: a signal may be on its way while the process ends.
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested || context.Signal == PosixSignal.SIGHUP;
        _source.Cancel();
    }
}
