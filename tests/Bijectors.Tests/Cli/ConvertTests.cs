using Bijectors.Data;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

public sealed class ConvertTests : CommandLineTest
{
    [Fact]
    public void Tables_and_arrays_become_each_other()
    {
        File.WriteAllText(At("t.csv"), "name,a,b\nx,1.5,2\ny,-3,0.25\n");
        Done($"{At("t.csv")}?target=b,a", At("t.npy"), "--dtype", "float64");
        using var array = Npy.Read(At("t.npy"));
        Assert.Equal(ScalarType.Float64, array.dtype);
        Assert.Equal([2, 1.5, 0.25, -3], array.data<double>().ToArray());
        Done($"{At("t.csv")}?target=b&context=a", At("u.tsv"));
        Assert.Equal(["a\tb", "1.5\t2", "-3\t0.25"], File.ReadAllLines(At("u.tsv")));
        Done(At("t.npy"), At("v.csv"));
        Assert.Equal(["x1,x2", "2,1.5", "0.25,-3"], File.ReadAllLines(At("v.csv")));
        Npy.Write(At("images.npy"), zeros(2, 1, 4, 4));
        Assert.Contains("(N) or (N, columns), got (2, 1, 4, 4); write a .npy",
            Failure(1, "convert", At("images.npy"), At("i.csv")));
        Assert.Contains("expected a file ending in .npy, .csv, .tsv",
            Failure(1, "convert", At("t.npy"), At("t.safetensors")));
        Assert.Contains("expected another file to write", Failure(1, "convert", At("t.npy"), At("t.npy")));
    }

    [Fact]
    public void An_array_of_an_archive_is_taken_by_its_name()
    {
        Npy.Write(At("x.npy"), tensor([1L, 2, 3]));
        using (var zip = System.IO.Compression.ZipFile.Open(
            At("a.npz"), System.IO.Compression.ZipArchiveMode.Create))
        {
            System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, At("x.npy"), "points.npy");
            System.IO.Compression.ZipFileExtensions.CreateEntryFromFile(zip, At("x.npy"), "others.npy");
        }

        Done($"{At("a.npz")}#points", At("y.npy"));
        Assert.Equal(File.ReadAllBytes(At("x.npy")), File.ReadAllBytes(At("y.npy")));
        Assert.Contains("expected one array, or a key", Failure(1, "convert", At("a.npz"), At("z.npy")));
        Assert.Contains("an array 'none'", Failure(1, "convert", $"{At("a.npz")}#none", At("z.npy")));
    }

    [Fact]
    public void A_model_goes_to_float64_and_back_to_the_same_weights()
    {
        Assert.Equal(0, Line("train", "--model", "maf", "--data", TinyVectors(), "--set", "hidden=4", "--steps", "3",
            "--layers", "0", "--out", At("m.safetensors")).ExitCode);
        Done(At("m.safetensors"), At("wide.safetensors"), "--dtype", "float64");
        Done(At("wide.safetensors"), At("back.safetensors"), "--dtype", "float32");
        using var model = SavedModel.Load(At("m.safetensors"));
        using var wide = SavedModel.Load(At("wide.safetensors"));
        using var back = SavedModel.Load(At("back.safetensors"));
        Assert.Equal((ScalarType.Float64, ScalarType.Float32), (wide.Flow.Dtype, back.Flow.Dtype));
        Assert.Equal(
            (model.Training, model.Seed, model.Options), (wide.Training, wide.Seed, wide.Options));
        Assert.Equal(model.LogDensities, wide.LogDensities);
        Assert.Equal(model.Center, wide.Center);
        foreach (var (name, tensor) in model.Flow.state_dict())
        {
            Assert.True(tensor.equal(back.Flow.state_dict()[name]).all().item<bool>(), name);
        }
    }

    [Fact]
    public void A_run_that_is_not_finished_becomes_a_model_with_its_best_weights()
    {
        var run = Interrupted("train", "--model", "maf", "--data", TinyVectors(), "--set", "hidden=4", "--steps", "100",
            "--batch", "10", "--run", At("r"));
        Assert.Equal(130, run.ExitCode);
        var checkpoint = File.ReadAllBytes(At("r/checkpoint.safetensors"));

        // As after a kill: a checkpoint, and no model yet.
        File.Move(At("r/model.safetensors"), At("kept.safetensors"));
        File.Delete(At("r/results.json"));
        Done(At("r"), At("m.safetensors"));
        Assert.Equal(checkpoint, File.ReadAllBytes(At("r/checkpoint.safetensors")));
        using var model = SavedModel.Load(At("m.safetensors"));
        Assert.Equal("maf", model.Model!.Name);
        Assert.NotEmpty(model.LogDensities!);
        Assert.Contains("a checkpoint alone, which does not say",
            Failure(1, "convert", At("r/checkpoint.safetensors"), At("n.safetensors")));
        File.Delete(At("r/checkpoint.safetensors"));
        Assert.Contains("expected a checkpoint of the run", Failure(1, "convert", At("r"), At("n.safetensors")));
        Assert.Contains("expected a file ending in .safetensors", Failure(1, "convert", At("r"), At("n.npy")));
    }

    private static void Done(params string[] line)
    {
        var run = Line(["convert", .. line]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("Written: ", run.Output);
    }
}
