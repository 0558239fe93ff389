using Bijectors.Cli;
using Bijectors.Fuzz;

namespace Bijectors.Tests.Serving;

/// <summary>A service that runs in this process, on a port that is free, until it is stopped.</summary>
internal sealed class ServiceRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _error = new();
    private readonly ServiceOutput _output = new();
    private readonly Task<int> _run;

    public ServiceRun(params string[] arguments)
    {
        var terminal = new Terminal(TextWriter.Synchronized(_output), _error);
        _run = Task.Run(() => Application.Run(["serve", .. arguments, "--port", "0"], terminal, _stop.Token));
    }

    /// <summary>What was written to the output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>A client of it, as soon as it listens.</summary>
    public async Task<HttpClient> Client()
    {
        var first = await Task.WhenAny(_output.Address.Task, _run);
        Assert.True(first == _output.Address.Task, $"The service ended: {_error}");
        return new HttpClient { BaseAddress = new Uri(await _output.Address.Task) };
    }

    /// <summary>Presses Ctrl-C.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>The exit code.</summary>
    public Task<int> Ended => _run;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }
}
