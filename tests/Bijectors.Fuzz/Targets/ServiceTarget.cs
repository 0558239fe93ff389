using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bijectors.Cli;

namespace Bijectors.Fuzz;

/// <summary>Bodies of requests to the service.</summary>
internal sealed class ServiceTarget() : Target("request", 60)
{
    private static readonly (string Path, string Body)[] s_seeds =
    [
        ("score", """{"rows":[[0.5,-1],[2,3.25]]}"""), ("score", """{"rows":[[1e3,2]],"seed":4}"""),
        ("sample", """{"count":3,"seed":7}"""), ("sample", """{"count":1}"""),
    ];

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ServiceOutput _output = new();

    public override IEnumerable<byte[]> Seeds =>
        s_seeds.Select((seed, i) => (byte[])[(byte)i, .. Encoding.UTF8.GetBytes(seed.Body)]);

    public override void Prepare(string folder)
    {
        var path = Path.Combine(folder, "m.safetensors");
        SavedSeed.Save(path, "maf", size: 2);
        var terminal = new Terminal(TextWriter.Synchronized(_output), new StringWriter());
        Task.Run(() => Application.Run(["serve", path, "--port", "0"], terminal, default));
        _client.BaseAddress = new Uri(_output.Address.Task.GetAwaiter().GetResult());
    }

    public override byte[] Draw(Random random)
    {
        var seed = random.Next(s_seeds.Length);
        var body = Encoding.UTF8.GetBytes(JsonMutation.Of(s_seeds[seed].Body, random));
        return [(byte)seed, .. random.Next(6) == 0 ? ByteMutation.Of(body, random) : body];
    }

    public override string? Run(byte[] input, string folder)
    {
        using var body = new ByteArrayContent(input, 1, input.Length - 1);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = _client.PostAsync(s_seeds[input[0]].Path, body).GetAwaiter().GetResult();
        var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        var json = JsonNode.Parse(text) as JsonObject ?? throw new Finding($"no JSON object: {text}");
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return null;
        }

        return answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
            ? Refusal.Check((string?)json["detail"] ?? throw new Finding($"a problem without detail: {text}"))
            : throw new Finding($"status {(int)answer.StatusCode}: {text}");
    }
}
