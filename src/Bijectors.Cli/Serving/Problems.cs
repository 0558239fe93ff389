using System.Runtime.InteropServices;
using System.Text.Json;
using Bijectors.Files;
using Bijectors.Serving;
using Microsoft.AspNetCore.Http;

namespace Bijectors.Cli;

/// <summary>The one place where exceptions of a request become a status and one sentence, as problem+json.</summary>
internal static class Problems
{
    // What servers write down where the client has gone; nobody reads the answer.
    private const int ClientClosedRequest = 499;

    private const string NoJson = "Body: expected JSON, by the header Content-Type: application/json.";

    /// <summary>Runs what comes behind, and answers for it where it throws.</summary>
    public static async Task Guard(HttpContext http, RequestDelegate next, ServeOptions options)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && Unanswered(http, options) is { } sentence)
            {
                await Results.Problem(sentence, statusCode: http.Response.StatusCode).ExecuteAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            var (status, sentence) = Of(exception, options);
            if (status == StatusCodes.Status429TooManyRequests)
            {
                http.Response.Headers.RetryAfter = "1";
            }

            await Results.Problem(sentence, statusCode: status).ExecuteAsync(http);
        }
    }

    /// <summary>
    /// What to say where routing found nothing that answers, or the body could not be read; null where something
    /// answered.
    /// </summary>
    private static string? Unanswered(HttpContext http, ServeOptions options) => http.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => "Body: expected JSON, got one that ended early.",
        StatusCodes.Status404NotFound =>
            $"Expected /score, /sample, /describe, /healthz, /metrics or /openapi.json, got {http.Request.Path}.",
        StatusCodes.Status405MethodNotAllowed =>
            $"{http.Request.Path}: expected {http.Response.Headers.Allow}, got {http.Request.Method}.",
        StatusCodes.Status413PayloadTooLarge => TooLarge(options),
        StatusCodes.Status415UnsupportedMediaType => NoJson,
        _ => null,
    };

    private static (int Status, string Sentence) Of(Exception exception, ServeOptions options) => exception switch
    {
        TooMuchException => (StatusCodes.Status413PayloadTooLarge, exception.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (
            StatusCodes.Status413PayloadTooLarge, TooLarge(options)),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (
            StatusCodes.Status415UnsupportedMediaType, NoJson),
        BadHttpRequestException { InnerException: JsonException wrong } bad => (
            bad.StatusCode,
            $"Body: expected JSON as /openapi.json describes it, got {OneLine.Short(JsonFault.Of(wrong))}."),
        BadHttpRequestException bad => (bad.StatusCode, FirstSentence(bad.Message)),
        ArgumentException => (StatusCodes.Status400BadRequest, exception.Message),
        QueueFullException => (
            StatusCodes.Status429TooManyRequests,
            $"Queue: expected fewer than {options.Queue.Capacity} waiting requests, got as many; send it again later."),
        ObjectDisposedException => (StatusCodes.Status503ServiceUnavailable, "The service is stopping."),
        ExternalException => (
            StatusCodes.Status500InternalServerError, $"torch says: {exception.Message.Split('\n')[0]}"),
        _ => (StatusCodes.Status500InternalServerError, $"This is a bug: {FirstSentence(exception.Message)}"),
    };

    private static string TooLarge(ServeOptions options) =>
        $"Body: expected at most {options.MaxBody} bytes, got more; send fewer rows at a time.";

    private static string FirstSentence(string message) =>
        $"{OneLine.Short(message.ReplaceLineEndings(" ").Split(". ")[0].TrimEnd('.'))}.";
}
