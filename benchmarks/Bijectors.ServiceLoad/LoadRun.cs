using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bijectors.ServiceLoad;

/// <summary>
/// Sends a load in an open loop: each request goes out when it is due, and its latency counts from that moment. A loop
/// that waits for answers would send less to a slow service, and would not see the delay.
/// </summary>
internal static class LoadRun
{
    private const int RowSize = 16;

    public static async Task Send(Uri address, Load load, int seed, LoadResult result)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        var body = Body(load.Rows, seed);
        List<Task> under = [];
        var clock = Stopwatch.StartNew();
        foreach (var moment in load.Moments(seed))
        {
            if (moment - clock.Elapsed.TotalSeconds is var early and > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(early));
            }

            under.Add(Ask(client, body, moment, clock, load.Patience, result));
        }

        await Task.WhenAll(under);
    }

    private static async Task Ask(
        HttpClient client, byte[] body, double moment, Stopwatch clock, double patience, LoadResult result)
    {
        var status = -1;
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        var left = moment + patience - clock.Elapsed.TotalSeconds;
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Max(0.001, left)));
        try
        {
            using var answer = await client.PostAsync("/score", content, source.Token);
            await answer.Content.ReadAsByteArrayAsync(source.Token);
            status = (int)answer.StatusCode;
        }
        catch (OperationCanceledException)
        {
            status = 0;
        }
        catch (HttpRequestException)
        {
            // Counted as failed.
        }

        result.Add(status, clock.Elapsed.TotalSeconds - moment);
    }

    private static byte[] Body(int rows, int seed)
    {
        var random = new Random(seed);
        var text = Enumerable.Range(0, rows).Select(_ => string.Join(
            ',', Enumerable.Range(0, RowSize)
                .Select(_ => ((2 * random.NextDouble()) - 1).ToString("F4", CultureInfo.InvariantCulture))));
        return Encoding.UTF8.GetBytes($$"""{"rows":[{{string.Join(',', text.Select(row => $"[{row}]"))}}]}""");
    }
}
