using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Fuzz;

/// <summary>Files of saved flows: their bytes, and their declarations with the digest taken out, so that they are read
/// on.</summary>
/// <param name="declarations">Whether declarations are changed, and not bytes.</param>
internal sealed class ModelTarget(bool declarations)
    : Target(declarations ? "declaration of a saved flow" : "saved flow", declarations ? 50 : 60)
{
    private const string Metadata = "__metadata__";
    private readonly List<byte[]> _seeds = [];

    public override IEnumerable<byte[]> Seeds => _seeds;

    public override void Prepare(string folder)
    {
        foreach (var name in (string[])["maf", "nsf", "realnvp", "planar", "cif"])
        {
            var path = Path.Combine(folder, "seed.safetensors");
            SavedSeed.Save(path, name, size: 3);
            _seeds.Add(File.ReadAllBytes(path));
        }
    }

    public override byte[] Draw(Random random)
    {
        var seed = _seeds[random.Next(_seeds.Count)];
        return declarations ? Declared(seed, random) : ByteMutation.Of(seed, random);
    }

    public override string? Run(byte[] input, string folder)
    {
        var path = Path.Combine(folder, "a.safetensors");
        File.WriteAllBytes(path, input);
        return Answer(() =>
        {
            using var saved = SavedModel.Load(path);
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            using var generator = new Generator(1);
            var samples = saved.Flow.Sample(4, null, generator);
            Demand(samples.shape[0] == 4, "samples of another number");
            if (saved.Flow.HasExactLogProb)
            {
                Demand(!saved.Flow.LogProb(samples).isnan().any().ToBoolean(), "a log-density that is no number");
            }
        });
    }

    /// <summary>A file whose metadata are changed as JSON, with lengths that are right again.</summary>
    private static byte[] Declared(byte[] seed, Random random)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(seed);
        var header = JsonNode.Parse(Encoding.UTF8.GetString(seed, 8, length))!.AsObject();
        var metadata = header[Metadata]!.AsObject();
        metadata.Remove("sha256");
        var names = metadata.Select(row => row.Key).ToList();
        var name = random.Next(3) > 0 ? "flow" : names[random.Next(names.Count)];
        var text = (string)metadata[name]!;
        metadata[name] = text.StartsWith('{') ? JsonMutation.Of(text, random) : TextMutation.Of(text, random);
        if (random.Next(8) == 0)
        {
            return WithHeader(JsonMutation.Of(header.ToJsonString(), random), seed[(8 + length)..]);
        }

        return WithHeader(header.ToJsonString(), seed[(8 + length)..]);
    }

    private static byte[] WithHeader(string header, byte[] tensors)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var start = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(start, bytes.Length);
        return [.. start, .. bytes, .. tensors];
    }
}
