using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

public sealed class SavedModelTests : IDisposable
{
    private static readonly Shape Digit = Shape.Image(1, 8, 8);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;

    public static TheoryData<string> ModelNames => [.. Models.Names];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void A_saved_model_comes_back_as_the_same_map(string name)
    {
        var model = Models.Named(name);
        using var saved =
            new SavedModel(model, model.Defaults, Moved(model.Create(Digit, levels: 17, seed: 3)), "digits", seed: 3);
        saved.Save(At("m"));
        using var loaded = SavedModel.Load(At("m"));

        var x = rand(5, 1, 8, 8, generator: new Generator(1)) * 17;
        Assert.True(LogProb(saved.Flow).Equals(LogProb(loaded.Flow)));
        Assert.Equal((name, "digits", 3, 17, Digit),
            (loaded.Model!.Name, loaded.Data, loaded.Seed, loaded.Flow.Levels, loaded.Flow.EventShape));
        Assert.Equal(model.Defaults, loaded.Options);
        Assert.Single(Directory.GetFiles(_folder));

        // Estimates from the same noise are the same.
        Tensor LogProb(Flow flow)
        {
            flow.Transform.LogDetNoise.ToList().ForEach(noise => noise.manual_seed(5));
            return flow.HasExactLogProb
                ? flow.LogProb(x) : flow.LowerBound(x.floor(), generator: new Generator(2));
        }
    }

    [Fact]
    public void A_float64_model_comes_back_in_float64()
    {
        var model = Models.Named("realnvp");
        using var saved =
            new SavedModel(model, model.Defaults, Moved((Flow)model.Create(Shape.Vector(3)).to(ScalarType.Float64)));
        saved.Save(At("m"));
        using var loaded = SavedModel.Load(At("m"));
        var x = randn(5, 3, dtype: ScalarType.Float64, generator: new Generator(1));
        Assert.True(saved.Flow.LogProb(x).Equals(loaded.Flow.LogProb(x)));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("expected a file that can be read", Failure(At("nothing")));

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        File.WriteAllText(At("m"), "This is a text, not a model.");
        Assert.Contains("it is another kind of file", Failure(At("m")));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-4)]
    public void A_file_that_is_cut_short_is_refused(int length)
    {
        Save();
        var whole = File.ReadAllBytes(At("m"));
        File.WriteAllBytes(At("m"), whole[..(length < 0 ? whole.Length + length : length)]);
        Assert.Contains("the file is cut short", Failure(At("m")));
    }

    [Fact]
    public void A_header_that_is_no_json_is_refused()
    {
        Save();
        Rewrite(header => header.TrimEnd()[..^3]);
        Assert.Contains("the file is damaged", Failure(At("m")));
    }

    [Fact]
    public void An_unknown_dtype_is_named()
    {
        Save();
        Rewrite(header => header.Replace("F32", "F8_E4M3", StringComparison.Ordinal));
        Assert.Contains("got 'F8_E4M3'", Failure(At("m")));
    }

    [Fact]
    public void Offsets_that_do_not_fit_the_shape_are_refused()
    {
        Save();
        Change((_, entry) => entry["shape"] = new JsonArray(1, 1_000_000));
        Assert.Contains("to fill its bytes", Failure(At("m")));
    }

    [Fact]
    public void Gaps_overlaps_and_bytes_behind_the_end_are_refused()
    {
        Save();
        var whole = File.ReadAllBytes(At("m"));
        File.WriteAllBytes(At("m"), [.. whole, 0]);
        Assert.Contains("has something behind its end", Failure(At("m")));
        File.WriteAllBytes(At("m"), whole);
        Rewrite(Edited(json => json.Remove(FirstTensor(json))));
        Assert.Contains("to begin at byte 0, where the tensor before it ends, got", Failure(At("m")));
        File.WriteAllBytes(At("m"), whole);
        Rewrite(Edited(json => json["stranger"] = json[FirstTensor(json)]!.DeepClone()));
        Assert.Contains("where the tensor before it ends", Failure(At("m")));
    }

    [Theory]
    [InlineData("[0, 4611686018427387904, 4611686018427387904]")]
    [InlineData("[0, -1, 2]")]
    [InlineData("[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")]
    public void Sizes_that_are_none_are_refused(string shape)
    {
        Save();
        Rewrite(Edited(json => json["none"] = new JsonObject
        {
            ["dtype"] = "F32",
            ["shape"] = JsonNode.Parse(shape),
            ["data_offsets"] = new JsonArray(0, 0),
        }));
        Assert.Contains("to fill its bytes", Failure(At("m")));
    }

    [Fact]
    public void One_changed_bit_is_noticed()
    {
        Save();
        var bytes = File.ReadAllBytes(At("m"));
        bytes[^1] ^= 1;
        File.WriteAllBytes(At("m"), bytes);
        Assert.Contains("expected the content with the sha256 that the file names", Failure(At("m")));
        bytes[^1] ^= 1;
        var (tensors, metadata) = SafeTensors.Read(Write("m", bytes));
        SafeTensors.Write(
            At("m"), tensors, metadata.ToDictionary(row => row.Key, row => row.Key == "seed" ? "1" : row.Value));
        Assert.Contains("expected the content with the sha256", Failure(At("m")));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Weights_that_are_no_numbers_are_neither_saved_nor_loaded(double value)
    {
        Save();
        var before = File.ReadAllBytes(At("m"));
        using var saved = Small();
        using (no_grad())
        {
            saved.Flow.parameters().Last().fill_(value);
        }

        Assert.Contains(
            "to hold finite numbers", Assert.Throws<SavedModelException>(() => saved.Save(At("m"))).Message);
        Assert.Equal(before, File.ReadAllBytes(At("m")));
        Write((tensors, _) =>
            tensors.First(row => row.Key.StartsWith("transform.", StringComparison.Ordinal)).Value.fill_(value));
        Assert.Contains("to hold finite numbers, got NaN or infinity", Failure(At("m")));
    }

    [Theory]
    [InlineData("order", "a permutation of 0 to 3 and its inverse")]
    [InlineData("inverseOrder", "a permutation of 0 to 3 and its inverse")]
    [InlineData("sign", "signs, 1 or -1")]
    public void Orders_that_are_no_permutations_and_signs_that_are_none_are_refused(string field, string expected)
    {
        var model = Models.Named("mixerflow");
        var options = new MixerFlowOptions { Layers = 1, Couplings = 2, Hidden = 8 };
        using (var saved = new SavedModel(model, options, model.Create(Digit, options, 17), "digits"))
        {
            saved.Save(At("m"));
        }

        Write((tensors, _) =>
            tensors.First(row => row.Key.EndsWith("." + field, StringComparison.Ordinal)).Value.zero_());
        Assert.Contains(expected, Failure(At("m")));
    }

    [Fact]
    public void What_is_no_file_is_refused_without_waiting_for_it()
    {
        File.WriteAllBytes(At("m"), []);
        Assert.EndsWith("got: an empty file, a pipe or a device.", Failure(At("m")));
        Pipe.Make(At("pipe"));
        Assert.EndsWith("got: an empty file, a pipe or a device.", Failure(At("pipe")));
        using var saved = Small();
        Assert.EndsWith(
            "got: a pipe or a device.", Assert.Throws<SavedModelException>(() => saved.Save(At("pipe"))).Message);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        Save();
        Write((tensors, _) => tensors.Remove(tensors.Keys.First()));
        Assert.Contains("found none", Failure(At("m")));
    }

    [Fact]
    public void A_tensor_too_many_is_named()
    {
        Save();
        Write((tensors, _) => tensors["stranger"] = zeros(2));
        Assert.Contains("got stranger besides", Failure(At("m")));
    }

    [Fact]
    public void A_wrong_shape_is_named()
    {
        Save();
        Change((_, entry) => entry["shape"] =
            new JsonArray([.. entry["shape"]!.AsArray().Select(size => size!.DeepClone()), JsonValue.Create(1)]));
        Assert.Contains("to be Float32", Failure(At("m")));
    }

    [Theory]
    [InlineData("format", "another", "tensors of another program")]
    [InlineData("model", "resnet", "Models: expected one of")]
    [InlineData("options", "{\"couplings\":\"two\"}", "for the option couplings")]
    [InlineData("options", "{\"colour\":2}", "got 'colour'")]
    [InlineData("columns", "[4]", "expected metadata of a saved model")]
    [InlineData("seed", "many", "expected metadata of a saved model")]
    public void Metadata_that_make_no_model_are_refused(string key, string text, string expected)
    {
        Save();
        Rewrite(Edited(json => json["__metadata__"]![key] = text));
        Assert.Contains(expected, Failure(At("m")));
    }

    [Fact]
    public void Every_message_is_one_sentence_that_names_the_file()
    {
        Save();
        Rewrite(header => header.TrimEnd()[..^3]);
        var message = Failure(At("m"));
        Assert.StartsWith(At("m"), message);
        Assert.EndsWith(".", message);
        Assert.DoesNotContain("\n", message);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        using var saved = Small();
        var exception =
            Assert.Throws<SavedModelException>(() => saved.Save(Path.Combine(_folder, "no", "such", "folder")));
        Assert.Contains("expected a file that can be written", exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void The_layout_is_that_of_the_format()
    {
        var tensors = new Dictionary<string, Tensor> { ["b"] = arange(3),
            ["a"] = tensor(new[] { 1.5f, -2f }).reshape(2, 1), ["none"] = zeros(0, 4) };
        SafeTensors.Write(At("t"), tensors, new Dictionary<string, string> { ["who"] = "\"me\"" });
        var bytes = File.ReadAllBytes(At("t"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(8 + length + 24 + 8, bytes.Length);
        var (read, metadata) = SafeTensors.Read(At("t"));
        Assert.Equal("\"me\"", metadata["who"]);
        Assert.All(tensors, row => Assert.True(row.Value.Equals(read[row.Key])));
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SavedModel Small()
    {
        var model = Models.Named("realnvp");
        return new SavedModel(model, model.Defaults, model.Create(Shape.Vector(2)));
    }

    /// <summary>Moves every parameter, as training would: fresh flows are too much alike.</summary>
    private static Flow Moved(Flow flow)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(7);
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator), alpha: 0.05);
        }

        return flow;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    private void Save()
    {
        using var saved = Small();
        saved.Save(At("m"));
    }

    private static string Failure(string path) =>
        Assert.Throws<SavedModelException>(() => SavedModel.Load(path)).Message;

    private static string FirstTensor(JsonObject json) => json.First(row => row.Key != "__metadata__").Key;

    /// <summary>Changes tensors and metadata of a whole file, as a program that knows the format may.</summary>
    private void Write(Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        var (tensors, metadata) = SafeTensors.Read(At("m"));
        var (changed, texts) = (tensors.ToDictionary(), metadata.ToDictionary());
        texts.Remove("sha256");
        change(changed, texts);
        SafeTensors.Write(At("m"), changed, texts);
    }

    private void Change(Action<string, JsonObject> change) =>
        Rewrite(Edited(json => change(FirstTensor(json), json[FirstTensor(json)]!.AsObject())));

    private static Func<string, string> Edited(Action<JsonObject> edit) => header =>
    {
        var json = JsonNode.Parse(header)!.AsObject();
        edit(json);
        json["__metadata__"]!.AsObject().Remove("sha256");
        return json.ToJsonString();
    };

    private void Rewrite(Func<string, string> change)
    {
        var bytes = File.ReadAllBytes(At("m"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes, 8, length)));
        var size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, header.Length);
        File.WriteAllBytes(At("m"), [.. size, .. header, .. bytes[(8 + length)..]]);
    }
}
