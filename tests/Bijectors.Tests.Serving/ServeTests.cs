using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Bijectors.Tests.Cli;
using Bijectors.Zoo;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary><c>bijectors serve</c>, called by HTTP.</summary>
public sealed class ServeTests : CommandLineTest
{
    [Fact]
    public async Task It_scores_and_draws_as_the_flow_does()
    {
        var path = Saved();
        using var flow = SavedModel.Load(path);
        await using var service = new ServiceRun(path);
        using var client = await service.Client();
        Assert.Equal("127.0.0.1", client.BaseAddress!.Host);
        Assert.DoesNotContain("Warning", service.Output, StringComparison.Ordinal);

        var answer = await Json(client, "/score", """{"rows":[[0.1,0.2],[1e30,0]]}""");
        using var expected = flow.Flow.LogProb(tensor(new[] { 0.1f, 0.2f }, [1, 2]));
        Assert.Equal(expected.item<float>(), (double)answer["logProb"]![0]!, 1e-5);
        Assert.Null(answer["logProb"]![1]);
        Assert.Equal("exact", (string?)answer["kind"]);

        var samples = await Json(client, "/sample", """{"count":3,"seed":7}""");
        using var drawn = flow.Flow.Sample(3, generator: new Generator(7));
        Assert.Equal(drawn[2, 1].item<float>(), (double)samples["samples"]![2]![1]!, 1e-5);
        Assert.Equal(7, (int)samples["seed"]!);
        var (one, other) = (await Json(client, "/sample", "{}"), await Json(client, "/sample", "{}"));
        Assert.NotEqual((int)one["seed"]!, (int)other["seed"]!);
        Assert.NotEqual($"{one["samples"]}", $"{other["samples"]}");

        var description = await client.GetFromJsonAsync<JsonObject>("/describe");
        Assert.Equal(2, (int)description!["rowSize"]!);
        Assert.Equal(10_000, (int)description["limits"]!["rows"]!);
        Assert.Contains("AffineCoupling", $"{description["layers"]}", StringComparison.Ordinal);
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task Categories_have_names_and_null_is_what_is_missing()
    {
        var path = At("mixed.safetensors");
        using var items = tensor(new[,] { { 0, 1, float.NaN }, { 1, 0, 2 }, { 3, 2, 1 }, { 2, 1, 5 } });
        using (var flow = Flow.On(Shape.Vector(3)).Impute(items, hidden: 0)
            .Categories(items, new Dictionary<long, IReadOnlyList<string>> { [1] = ["red", "", "blue"] })
            .Into(Distribution.StandardNormal))
        {
            flow.Save(path);
        }

        await using var service = new ServiceRun(path);
        using var client = await service.Client();
        var answer = await Json(
            client, "/score", """{"rows":[[0.1,"red",null],[0.1,null,3],[0.1,"red",null]],"seed":3}""");
        Assert.Equal("bound", (string?)answer["kind"]);
        Assert.All(answer["logProb"]!.AsArray(), value => Assert.True((double)value! > -20));
        await Refused(
            await Post(client, "/score", """{"rows":[[0.1,"green",1]]}"""), 400,
            "Rows: expected one of \"red\", null, \"blue\" as 2 in row 1, got \"green\".");
        await Refused(
            await Post(client, "/score", """{"rows":[[0.1,1,1]]}"""), 400,
            "Rows: expected one of \"red\", null, \"blue\" as 2 in row 1, got 1.");
        var samples = await Json(client, "/sample", """{"count":30}""");
        Assert.All(
            samples["samples"]!.AsArray(), row => Assert.Contains((string?)row![1], new[] { "red", "", "blue" }));
        var description = await client.GetFromJsonAsync<JsonObject>("/describe");
        Assert.Equal("""["red","","blue"]""", description!["categories"]!["2"]!.ToJsonString());
        Assert.Equal("""["3"]""", description["mayBeMissing"]!.ToJsonString());
        Assert.Contains("name of a category", await client.GetStringAsync("/openapi.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/score", """{"rows":[[0.1,0.2,0.3]]}""", 400, "Rows: expected 2 entries in row 1, got 3.")]
    [InlineData("/score", """{"rows":[[1e999,0.2]]}""", 400, "Item 1: expected finite numbers")]
    [InlineData("/score", """{"rows":[]}""", 400, "Expected 1 to 4 items in a request, got 0.")]
    [InlineData("/score", """{"rows":null}""", 400, "describes it, got a value of another kind at $.rows.")]
    [InlineData("/score", """{"rows":[null]}""", 400, "Item 1: expected 2 numbers, got 0.")]
    [InlineData("/score", """{"row":[[1,2]]}""", 400, "describes it, got a member that there is not, $.row.")]
    [InlineData("/score", """{"rows":[[1,"2"]]}""", 400, "Rows: expected a number as 2 in row 1, got \"2\".")]
    [InlineData("/score", """{"rows":[[1,null]]}""", 400, "Rows: expected a number as 2 in row 1, got null.")]
    [InlineData("/score", """{"rows":[[1,[2]]]}""", 400, "describes it, got")]
    [InlineData("/score", """{"seed":1}""", 400, "got none of the members that are required: 'rows'.")]
    [InlineData("/score", """{"rows":[[1,2""", 400, "Body: expected JSON as /openapi.json describes it, got no JSON: ")]
    [InlineData("/score", "{\u0001}", 400, "got no JSON: '0x01' is an invalid start of a property name.")]
    [InlineData("/score", "", 400, "")]
    [InlineData("/score", """{"rows":[[1,2],[1,2],[1,2],[1,2],[1,2]]}""", 413, "Expected at most 4 rows of 2 numbers")]
    [InlineData("/sample", """{"count":5}""", 413, "Expected at most 4 rows of 2 numbers in a request, got 5")]
    [InlineData("/sample", """{"count":-1}""", 400, "Expected 1 to 4 samples in a request, got -1.")]
    [InlineData("/sample", """{"contexts":[[1]]}""", 400, "Expected no contexts, since the flow takes none.")]
    [InlineData("/nowhere", "{}", 404, "Expected /score, /sample")]
    public async Task What_does_not_fit_gets_one_sentence(string path, string body, int status, string sentence)
    {
        await using var service = new ServiceRun(Saved(), "--max-rows", "4");
        using var client = await service.Client();
        await Refused(await Post(client, path, body), status, sentence);
        Assert.Equal(2, (await Json(client, "/sample", """{"count":2}"""))["samples"]!.AsArray().Count);
    }

    [Fact]
    public async Task Bodies_of_another_kind_size_or_origin_are_refused()
    {
        await using var service = new ServiceRun(Saved(), "--max-body", "1000", "--max-numbers", "8");
        using var client = await service.Client();
        var rows = string.Join(',', Enumerable.Repeat("[1,2]", 300));
        await Refused(await Post(client, "/score", $"{{\"rows\":[{rows}]}}"), 413, "Body: expected at most 1000 bytes");
        await Refused(await Post(client, "/sample", """{"count":5}"""), 413, "Expected at most 4 rows of 2 numbers");
        await Refused(
            await client.PostAsync("/score", new StringContent("{}", Encoding.UTF8, "text/plain")), 415,
            "Body: expected JSON, by the header Content-Type: application/json.");

        await Refused(await client.GetAsync("/score"), 405, "/score: expected POST, got GET.");

        // The service is asked under the name of somebody else's page.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/describe");
        request.Headers.Host = "example.org";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task It_describes_itself_and_is_measured()
    {
        await using var service = new ServiceRun(Saved());
        using var client = await service.Client();
        var document = await client.GetFromJsonAsync<JsonObject>("/openapi.json");
        Assert.StartsWith("3.", (string?)document!["openapi"], StringComparison.Ordinal);
        Assert.Equal(
            ["/describe", "/healthz", "/sample", "/score"],
            document["paths"]!.AsObject().Select(path => path.Key).Order());
        var score = document["paths"]!["/score"]!["post"]!;
        Assert.Contains("429", score["responses"]!.AsObject().Select(response => response.Key));
        Assert.Contains(
            "one in each row", $"{document["components"]!["schemas"]!["ScoreBody"]}", StringComparison.Ordinal);

        await Json(client, "/score", """{"rows":[[1,2],[3,4]]}""");
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Matches("""bijectors_rows[a-z_]*\{[^}]*kind="score"[^}]*\} [1-9]""", metrics);
        Assert.Matches("""bijectors_requests[a-z_]*\{[^}]*outcome="answered"[^}]*\} [1-9]""", metrics);
        Assert.Contains("bijectors_queue_length", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration", metrics, StringComparison.Ordinal);
        Assert.Contains("process_working_set_bytes", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_well_when_it_is_stopped_and_answers_what_had_come()
    {
        var service = new ServiceRun(Saved());
        using var client = await service.Client();
        var asked = Enumerable.Range(0, 20).Select(_ => Json(client, "/sample", """{"count":500}""")).ToList();
        await asked[0];
        service.Stop();
        Assert.Equal(0, await service.Ended);

        // Those that had been sent before; others found nobody who listens.
        foreach (var request in asked)
        {
            try
            {
                Assert.Equal(500, (await request)["samples"]!.AsArray().Count);
            }
            catch (HttpRequestException refused)
            {
                Assert.Null(refused.StatusCode);
            }
        }

        Assert.EndsWith("every request that had come is answered.\n", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_terminated_ends_with_exit_code_0()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var program = Path.Combine(AppContext.BaseDirectory, "bijectors.dll");
        var self = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet";
        using var process = Process.Start(new ProcessStartInfo(host, ["exec", program, "serve", Saved(), "--port", "0"])
        {
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync();
        Assert.Contains("http://127.0.0.1:", line, StringComparison.Ordinal);
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        Assert.Contains("Stopped", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void A_port_or_an_address_that_cannot_be_had_is_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        Assert.Contains(
            $"expected an address that is free and may be opened, got 127.0.0.1 and port {port}",
            Failure(1, "serve", Saved(), "--port", port), StringComparison.Ordinal);
        Assert.Contains("--host: expected an address", Failure(1, "serve", Saved(), "--host", "here"));
        Assert.Contains("expected at most 65535", Failure(1, "serve", Saved(), "--port", "65536"));
        Failure(1, "serve", At("missing.safetensors"));
        Failure(1, "serve", Saved(), "--host", "203.0.113.1", "--port", "0");
    }

    [Fact]
    public async Task Elsewhere_than_on_this_machine_it_warns()
    {
        await using var service = new ServiceRun(Saved(), "--host", "0.0.0.0");
        await service.Client();
        Assert.Contains("Warning: 0.0.0.0 is reached from other machines", service.Output, StringComparison.Ordinal);
    }

    private string Saved()
    {
        var path = At("m.safetensors");
        using var flow = Flow.On(Shape.Vector(2), seed: 1).AffineCoupling(4).Into(Distribution.StandardNormal);
        flow.Save(path);
        return path;
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, string path, string json) =>
        client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task<JsonObject> Json(HttpClient client, string path, string json)
    {
        using var answer = await Post(client, path, json);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static async Task Refused(HttpResponseMessage answer, int status, string sentence)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains(sentence, (string?)JsonNode.Parse(text)!["detail"], StringComparison.Ordinal);
        }
    }
}
