using Bijectors;
using Bijectors.Serving;
using Bijectors.Zoo;
using TorchSharp;

// Service [--flow FILE] [--batch ROWS] [--wait MILLISECONDS] [--urls URL]: scores rows and draws samples by HTTP;
// without a file, of an untrained neural spline flow of 16 numbers. Requests that come while others run share a pass.
var builder = WebApplication.CreateSlimBuilder(args);
var settings = builder.Configuration;
torch.set_num_threads(1);
using var flow = settings["flow"] is { } path ? Flow.Load(path) : Nsf.Create(Shape.Vector(16), new NsfOptions());
await using var queue = new FlowQueue(flow, new FlowQueueOptions
{
    BatchRows = settings.GetValue("batch", 256),
    MaxWait = TimeSpan.FromMilliseconds(settings.GetValue("wait", 0.0)),
    Capacity = 256,
    RequestRows = 1000,
    WaitsWhenFull = false,
});

var app = builder.Build();
app.Use(async (http, next) =>
{
    try
    {
        await next(http);
    }
    catch (ArgumentException wrong)
    {
        await Results.Problem(wrong.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }
    catch (QueueFullException full)
    {
        await Results.Problem(full.Message, statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
    }
    catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
    {
        // The client has gone: the queue has skipped its request, or dropped the answer.
    }
});
app.MapPost("/score", async (ScoreBody body, CancellationToken aborted) =>
{
    // JSON has no number for -inf, the log-density of a row outside of the support.
    var scores = await queue.ScoreAsync(body.Rows, cancellation: aborted);
    return scores.Select(score => double.IsFinite(score) ? score : (double?)null);
});
app.MapPost("/sample", (SampleBody body, CancellationToken aborted) =>
    queue.SampleAsync(body.Count, seed: body.Seed, cancellation: aborted));
await app.RunAsync();
