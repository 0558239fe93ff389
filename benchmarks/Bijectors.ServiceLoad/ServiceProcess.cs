using System.Diagnostics;

namespace Bijectors.ServiceLoad;

/// <summary>The example service in a process of its own, on a port that is free.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listens = "Now listening on: ";

    private readonly Process _process;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="options">Options besides the address.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public ServiceProcess(params string[] options)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Service.dll");
        var self = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet";
        _process = Process.Start(
            new ProcessStartInfo(host, ["exec", program, "--urls", "http://127.0.0.1:0", .. options])
            {
                RedirectStandardOutput = true,
            })!;
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.IndexOf(Listens, StringComparison.Ordinal) is var start and >= 0)
            {
                Address = new Uri(line[(start + Listens.Length)..].Trim());

                // Whoever logs to a pipe that nobody reads stands still one day.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException("Service: expected a line that says where it listens, got none.");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
