using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Saving;

/// <summary>
/// Files of format version 1, which name a model of the zoo in place of a declaration. Those in the folder were written
/// by the version that wrote that format.
/// </summary>
public sealed class FirstFormatTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;

    private static string Kept => Path.Combine(Repository.Root, "tests/Bijectors.Tests/Saving/FirstFormat");

    private string File => Path.Combine(_folder, "m.safetensors");

    [Fact]
    public void A_file_of_vectors_gives_the_density_it_gave()
    {
        using var loaded = SavedModel.Load(Path.Combine(Kept, "realnvp.safetensors"));
        Assert.Equal(("realnvp", "moons", 3), (loaded.Model!.Name, loaded.Data, loaded.Seed));
        Assert.Equal(new RealNvpOptions { Hidden = 4, Couplings = 1, Blocks = 0 }, loaded.Options);
        var x = tensor(new[] { 1.1621941328048706f, 0.3371334373950958f, 0.6867461800575256f, 0.5254262089729309f })
            .reshape(2, 2);
        var logProb = loaded.Flow.LogProb(x);
        Assert.Equal(-1.15880, logProb[0].item<float>(), 4);
        Assert.Equal(-1.10596, logProb[1].item<float>(), 4);
    }

    [Fact]
    public void A_file_of_images_is_saved_in_the_format_of_today()
    {
        using var loaded = SavedModel.Load(Path.Combine(Kept, "mixerflow.safetensors"));
        Assert.Equal(
            ("mixerflow", 17, Shape.Image(1, 8, 8)), (loaded.Model!.Name, loaded.Flow.Levels, loaded.Flow.EventShape));
        loaded.Save(File);
        using var flow = Flow.Load(File);
        var x = rand(5, 1, 8, 8, generator: new Generator(1)) * 17;
        Assert.True(loaded.Flow.LogProb(x).Equals(flow.LogProb(x)));
    }

    [Fact]
    public void A_flow_alone_says_who_reads_it()
    {
        var message =
            Assert.Throws<SavedModelException>(() => Flow.Load(Path.Combine(Kept, "realnvp.safetensors"))).Message;
        Assert.Contains("load it by SavedModel.Load of Bijectors.Zoo, and save it again.", message);
    }

    [Fact]
    public void Files_of_before_there_were_digests_and_versions_are_read()
    {
        Write((_, metadata) => metadata.Remove("formatVersion"));
        SavedModel.Load(File).Dispose();
    }

    [Fact]
    public void One_changed_bit_is_noticed()
    {
        var bytes = System.IO.File.ReadAllBytes(Path.Combine(Kept, "realnvp.safetensors"));
        bytes[^1] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Contains("expected the content with the sha256 that the file names", Failure());
    }

    [Theory]
    [InlineData("{\"hidden\":2000000000}")]
    [InlineData("{\"couplings\":1000000000}")]
    [InlineData("{\"blocks\":1000000000}")]
    public void A_model_larger_than_its_file_is_refused_before_it_is_made(string options)
    {
        Write((_, metadata) => metadata["options"] = options);
        Assert.Contains("numbers that the file holds, got those of a larger one", Failure());
    }

    [Theory]
    [InlineData("[4611686018427387904]")]
    [InlineData("[1000000,1000000]")]
    [InlineData("[4611686018427387904,4]")]
    public void Items_that_no_model_has_are_refused(string shape)
    {
        Write((_, metadata) => metadata["shape"] = shape);
        Assert.Contains("expected metadata of a saved model", Failure());
    }

    [Theory]
    [InlineData("model", "resnet", "Models: expected one of")]
    [InlineData("shape", "[1, 8", "expected metadata of a saved model")]
    [InlineData("levels", "many", "expected metadata of a saved model")]
    [InlineData("seed", "many", "expected metadata of a saved model")]
    [InlineData("options", "{\"couplings\":\"two\"}", "for the option couplings")]
    [InlineData("options", "{\"colour\":2}", "got 'colour'")]
    [InlineData("context", "[4", "expected metadata of a saved model")]
    [InlineData("context", "[4]", "to be Float32")]
    [InlineData("columns", "[4]", "expected metadata of a saved model")]
    public void Metadata_that_make_no_model_are_refused(string key, string text, string expected)
    {
        Write((_, metadata) => metadata[key] = text);
        Assert.Contains(expected, Failure());
    }

    [Theory]
    [InlineData("shape")]
    [InlineData("levels")]
    [InlineData("options")]
    public void Metadata_that_are_not_there_are_named(string key)
    {
        Write((_, metadata) => metadata.Remove(key));
        Assert.Contains($"'{key}'", Failure());
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Failure() => Assert.Throws<SavedModelException>(() => SavedModel.Load(File)).Message;

    private void Write(Action<Dictionary<string, Tensor>, Dictionary<string, string>> change)
    {
        var (tensors, metadata) = SafeTensors.Read(Path.Combine(Kept, "realnvp.safetensors"));
        var (changed, texts) = (tensors.ToDictionary(), metadata.ToDictionary());
        texts.Remove("sha256");
        change(changed, texts);
        SafeTensors.Write(File, changed, texts);
    }
}
