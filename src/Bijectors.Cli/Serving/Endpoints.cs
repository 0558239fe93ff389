using Bijectors.Serving;
using Bijectors.Zoo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bijectors.Cli;

/// <summary>What the service answers.</summary>
internal sealed class Endpoints(SavedModel saved, FlowQueue queue, ServeOptions options)
{
    private readonly ServiceDescription _description = ServiceDescription.Of(saved, options);
    private readonly RowCodec _codec = new(saved);
    private readonly long _rowSize = saved.Flow.EventShape.Size;

    public void Map(IEndpointRouteBuilder routes)
    {
        WithProblems(routes.MapPost("/score", Score))
            .WithSummary("The log-density of each row.").Produces<ScoreAnswer>();
        WithProblems(routes.MapPost("/sample", Sample))
            .WithSummary("Draws samples.").Produces<SampleAnswer>();
        routes.MapGet("/describe", () => _description)
            .WithSummary("What the model is, what a row is, and the limits.");
        routes.MapGet("/healthz", () => new { status = "ok" }).WithSummary("Answers while the service runs.");
    }

    private async Task<ScoreAnswer> Score(ScoreBody body, CancellationToken aborted)
    {
        CheckSize(body.Rows.Length, body.Contexts);
        var scores = await queue.ScoreAsync(
            _codec.Items(body.Rows), _codec.Contexts(body.Contexts), body.Seed, aborted);
        return new([.. scores.Select(score => double.IsFinite(score) ? score : (double?)null)], _description.ScoreKind);
    }

    private async Task<SampleAnswer> Sample(SampleBody body, CancellationToken aborted)
    {
        CheckSize(body.Count, body.Contexts);
        var seed = body.Seed ?? Random.Shared.Next();
        var samples = await queue.SampleAsync(body.Count, _codec.Contexts(body.Contexts), seed, aborted);
        return new(_codec.Cells(samples), seed);
    }

    private void CheckSize(int rows, Cell[][]? contexts)
    {
        var most = (int)Math.Min(options.MaxRows, options.MaxNumbers / _rowSize);
        if (rows > most || contexts?.Length > options.MaxRows)
        {
            throw new TooMuchException(
                $"Expected at most {most} rows of {_rowSize} numbers in a request, got "
                + $"{Math.Max(rows, contexts?.Length ?? 0)}; send them in several.");
        }
    }

    private static RouteHandlerBuilder WithProblems(RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status500InternalServerError)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
