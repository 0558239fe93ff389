using System.IO.Compression;
using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class DatasetSpecTests : FolderTest
{
    [Fact]
    public void Names_open_what_ships_and_the_seed_counts()
    {
        foreach (var name in Datasets.ToyNames.Append("digits"))
        {
            using var set = Datasets.Open(name, 3);
            Assert.Equal(name, set.Name);
        }

        using var opened = Datasets.Open("moons", 3);
        using var made = Datasets.Toy("moons", seed: 3);
        Assert.True(opened.Train.Equals(made.Train));
    }

    [Fact]
    public void A_file_is_opened_with_its_kind_or_by_its_extension()
    {
        Write("a.csv", "1,2\n3,4\n5,6\n");
        Write("a.tsv", "1\t2\n3\t4\n5\t6\n");
        Write("a.txt", "1,2\n3,4\n5,6\n");
        Npy.Write(At("a.npy"), ones(3, 2));
        using (var archive = ZipFile.Open(At("a.npz"), ZipArchiveMode.Create))
        {
            archive.CreateEntryFromFile(At("a.npy"), "x.npy");
            archive.CreateEntryFromFile(At("a.npy"), "y.npy");
        }

        File.Copy(At("a.npz"), At("b#c.npz"));
        string[] specs =
        [
            $"csv:{At("a.csv")}", At("a.csv"), At("a.tsv"), $"csv:{At("a.txt")}",
            $"npy:{At("a.npy")}", At("a.npy"),
            $"npz:{At("a.npz")}#y", $"{At("a.npz")}#x", $"npz:{At("b#c.npz")}#x",
        ];
        foreach (var spec in specs)
        {
            using var set = Datasets.Open(spec);
            Assert.Equal([2L], set.ItemShape);
        }

        Assert.Equal(
            $"{At("a.txt")}: expected a file ending in .csv, .csv.gz, .tsv, .parquet, .arrow, .feather, .npy or .npz, "
            + "got another; "
            + $"name its kind, as in csv:{At("a.txt")}.",
            Message(() => Datasets.Open(At("a.txt"))));
        Assert.Equal("csv:: expected a path after the colon, got nothing.", Message(() => Datasets.Open("csv:")));
        Assert.Equal(
            $"b.csv: expected the file '{At("b.csv")}', got none; check the path.",
            Message(() => Datasets.Open($"csv:{At("b.csv")}")));
    }

    [Fact]
    public void A_folder_is_opened_with_its_kind_or_by_what_it_holds()
    {
        Assert.Equal(
            $"{Folder}: expected a folder with IDX files, CIFAR-10 batches or PNG images, got none of them.",
            Message(() => Datasets.Open(Folder)));
        for (var i = 0; i < 3; i++)
        {
            PngImage.WriteGrid(At($"{i}.png"), zeros(1, 1, 4, 4), 1, gap: 0);
        }

        foreach (var spec in new[] { Folder, $"png:{Folder}" })
        {
            using var set = Datasets.Open(spec);
            Assert.Equal([1L, 4, 4], set.ItemShape);
        }

        Write("data_batch_1.bin", "7");
        Assert.StartsWith("data_batch_1.bin: expected a multiple of 3073 bytes", Message(() => Datasets.Open(Folder)));
        Write("train-images-idx3-ubyte", "");
        Assert.StartsWith("train-images-idx3-ubyte: expected to read", Message(() => Datasets.Open(Folder)));
        foreach (var kind in new[] { "idx", "mnist", "fashion-mnist" })
        {
            Assert.StartsWith("train-images-idx3-ubyte: expected", Message(() => Datasets.Open($"{kind}:{Folder}")));
        }
    }

    [Fact]
    public void A_loader_leaves_nothing_behind_whether_it_succeeds_or_not()
    {
        Write("a.csv", "x,y\n1,2\n3,4\n5,6\n");
        Write("bad.csv", "1,2\n3,4\n5,x\n");
        Npy.Write(At("a.npy"), ones(3, 2));
        Npy.Write(At("bad.npy"), ones(2, 2));
        using (var archive = ZipFile.Open(At("a.npz"), ZipArchiveMode.Create))
        {
            archive.CreateEntryFromFile(At("a.npy"), "x.npy");
        }

        for (var i = 0; i < 3; i++)
        {
            PngImage.WriteGrid(At($"{i}.png"), zeros(1, 1, 4, 4), 1, gap: 0);
        }

        var odd = PngImage.EncodeGrid(zeros(1, 1, 5, 5), 1, gap: 0);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var spec in Datasets.ToyNames.Append("digits").Concat([At("a.csv"), At("a.npy"), At("a.npz"), Folder]))
        {
            Datasets.Open(spec).Dispose();
            Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        File.WriteAllBytes(At("3.png"), odd);
        foreach (var spec in new[] { At("bad.csv"), At("bad.npy"), Folder })
        {
            Message(() => Datasets.Open(spec));
            Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    [Fact]
    public void Anything_else_is_told_what_there_is()
        => Assert.Equal(
            "mnits: expected a data set or a path, got neither; there is digits, moons, circles, "
            + "eight-gaussians, checkerboard, pinwheel, spirals, fashion-mnist, fashion-mnist:FOLDER, "
            + "mnist:FOLDER, idx:FOLDER, cifar10:FOLDER, csv:FILE, parquet:FILE, arrow:FILE, npy:FILE, "
            + "npz:FILE[#KEY], png:FOLDER.",
            Message(() => Datasets.Open("mnits")));

    [Fact]
    public void Every_spelling_is_listed() => Assert.Equal(18, Datasets.Specs.Count);
}
