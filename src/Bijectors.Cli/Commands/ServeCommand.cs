using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Bijectors.Serving;
using Bijectors.Zoo;
using Microsoft.AspNetCore.Builder;

namespace Bijectors.Cli;

/// <summary><c>bijectors serve</c>.</summary>
internal static class ServeCommand
{
    private const int MostPort = 65535;

    private const string Summary = "Serves a saved flow by HTTP: scores, samples, a description, metrics.";

    private const string Details =
        """
        POST /score and POST /sample take and give JSON; GET /describe, /healthz, /metrics (Prometheus) and
        /openapi.json. Requests that come while others run are batched. A request beyond a limit gets 413, one that
        finds the queue full 429, one that does not fit 400, each with one sentence as problem+json. There is no
        encryption and nobody is asked who he is: for others than this machine, put a proxy in front. Ctrl-C or SIGTERM
        answers what waits and ends with exit code 0.

        Examples:
          bijectors serve model.safetensors --port 8080
          curl -H 'Content-Type: application/json' -d '{"rows":[[0.5,1.2]]}' http://127.0.0.1:8080/score
          curl -H 'Content-Type: application/json' -d '{"count":3,"seed":1}' http://127.0.0.1:8080/sample
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var defaults = new ServeOptions();
        var model = ModelFile.Argument();
        var port = NumberOption.Whole("--port", "The port to listen on; 0 for one that is free.", 8080, least: 0);
        var host = new Option<string>("--host")
        {
            Description = "The address to listen on; others than this machine reach the service only at one of its own "
                + "addresses, or at all of them by 0.0.0.0.",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => $"{defaults.Host}",
        };
        var rows = NumberOption.Whole("--max-rows", "The most rows of a request.", defaults.MaxRows);
        var numbers = NumberOption.Whole(
            "--max-numbers", "The most numbers of all rows of a request.", defaults.MaxNumbers);
        var body = NumberOption.Whole("--max-body", "The most bytes of a request.", (int)defaults.MaxBody);
        var waiting = NumberOption.Whole("--queue", "How many requests may wait.", 256);
        var batch = NumberOption.Whole(
            "--batch", "How many rows pass through the flow at a time; 1 for every request by itself.",
            defaults.Queue.BatchRows);
        var wait = NumberOption.Real(
            "--wait", "How many milliseconds the first request of a batch waits for others.", 0, orZero: true);
        var draws = NumberOption.Whole(
            "--draws", "Over how many draws of noise scores are averaged, where they take some.", defaults.Queue.Draws);
        var workers = NumberOption.Whole("--workers", "How many batches run at the same time.", 1);
        var threads = NumberOption.Threads("How many threads of torch each batch uses.");
        var command = new DetailedCommand("serve", Summary, Details)
        {
            model, port, host, rows, numbers, body, waiting, batch, wait, draws, workers, threads,
        };
        command.SetAction(line =>
        {
            set_num_threads(line.GetValue(threads)!.Value);
            using var saved = ModelFile.Load(line.GetValue(model)!);
            return Serve(saved, terminal, cancellation, new()
            {
                Host = Address(line.GetValue(host)!),
                Port = line.GetValue(port) is { } number and <= MostPort
                    ? number
                    : throw new UserException($"--port: expected at most {MostPort}, got {line.GetValue(port)}."),
                MaxRows = line.GetValue(rows)!.Value,
                MaxNumbers = line.GetValue(numbers)!.Value,
                MaxBody = line.GetValue(body)!.Value,
                Queue = new()
                {
                    BatchRows = line.GetValue(batch)!.Value,
                    RequestRows = line.GetValue(rows)!.Value,
                    Capacity = line.GetValue(waiting)!.Value,
                    MaxWait = TimeSpan.FromMilliseconds(line.GetValue(wait)!.Value),
                    Draws = line.GetValue(draws)!.Value,
                    Threads = line.GetValue(workers)!.Value,
                    WaitsWhenFull = false,
                },
            }).GetAwaiter().GetResult();
        });
        return command;
    }

    private static IPAddress Address(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new UserException($"--host: expected an address as 127.0.0.1 or 0.0.0.0, got '{host}'.");

    private static async Task<int> Serve(
        SavedModel saved, Terminal terminal, CancellationToken cancellation, ServeOptions options)
    {
        await using var queue = new FlowQueue(saved.Flow, options.Queue);
        await using var app = FlowService.Build(saved, queue, options);
        try
        {
            await app.StartAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var reason = exception.InnerException is { } inner ? inner.Message : exception.Message;
            throw new UserException(
                $"--host, --port: expected an address that is free and may be opened, got {options.Host} and port "
                + $"{options.Port}: {reason.TrimEnd('.')}.", exception);
        }

        if (!IPAddress.IsLoopback(options.Host))
        {
            terminal.Warn(
                $"{options.Host} is reached from other machines; there is no encryption, and anybody may "
                + "call.");
        }

        terminal.Give("serve", new ServeResult(saved.Title, saved.Flow.EventShape, app.Urls.Single()));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        // No new requests; those that are under way are answered.
        await app.StopAsync(CancellationToken.None);
        terminal.Note("Stopped; every request that had come is answered.");
        return (int)ExitCode.Success;
    }
}
