using Bijectors.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>How every file of this library is written: whole, in the place of the old one, or not at all.</summary>
public sealed class WholeFileTests : FolderTest
{
    private const string Digits = "0123456789abcdef0123456789abcdef";

    private static DateTime LongAgo => DateTime.UtcNow.AddHours(-1);

    [Fact]
    public void The_mode_of_the_old_file_stays()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite;
        Write("a.npy", "old");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("a.npy"), Mode);
            Npy.Write(At("a.npy"), zeros(2));
            Assert.Equal(Mode, File.GetUnixFileMode(At("a.npy")));
        }
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_written()
    {
        Directory.CreateDirectory(At("far"));
        File.CreateSymbolicLink(At("middle"), "far/a.npy");
        File.CreateSymbolicLink(At("link"), "middle");
        Npy.Write(At("link"), zeros(2));
        Npy.Write(At("link"), ones(3));
        Assert.Equal("middle", new FileInfo(At("link")).LinkTarget);
        Assert.Equal("far/a.npy", new FileInfo(At("middle")).LinkTarget);
        Assert.Equal([3L], Npy.Read(At("far/a.npy")).shape);
        Assert.Single(Directory.GetFiles(At("far")));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_all_else_stays()
    {
        var young = $"a.npy.{new string('1', 32)}.tmp";
        string[] others =
        [
            young,
            $"b.npy.{Digits}.tmp", $"xa.npy.{Digits}.tmp", "a.npy.notes.tmp", "a.npy.tmp", $"a.npy.{Digits}",
        ];
        foreach (var name in others)
        {
            Write(name, "somebody's");
            File.SetLastWriteTimeUtc(At(name), name == young ? DateTime.UtcNow : LongAgo);
        }

        File.SetLastWriteTimeUtc(Write($"a.npy.{Digits}.tmp", "half"), LongAgo);
        var beingWritten = At($"a.npy.{new string('0', 32)}.tmp");
        using var writer = new FileStream(beingWritten, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
        File.SetLastWriteTimeUtc(writer.SafeFileHandle, LongAgo);
        Npy.Write(At("a.npy"), zeros(2));
        Assert.Equal(
            others.Select(At).Append(At("a.npy")).Append(beingWritten).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Writing_that_fails_leaves_the_old_file_and_nothing_else()
    {
        Write("a.npy", "old");
        var exception = Assert.Throws<DataException>(() => TargetFile.Write("test", At("a.npy"), stream =>
        {
            stream.Write(new byte[1000]);
            throw new IOException("No space left on device.");
        }));
        Assert.Equal($"test: expected to write '{At("a.npy")}', got No space left on device.", exception.Message);
        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.GetFiles(Folder))));
    }

    [Fact]
    public void Pipes_and_devices_are_not_replaced()
    {
        Pipe.Make(At("pipe.npy"));
        Assert.EndsWith("got a pipe or a device.", Message(() => Npy.Write(At("pipe.npy"), zeros(2))));
        File.CreateSymbolicLink(At("null.npy"), "/dev/null");
        Assert.EndsWith("got a pipe or a device.", Message(() => Npy.Write(At("null.npy"), zeros(2))));
        Npy.Write(Write("empty.npy", ""), zeros(2));
        Assert.Equal([2L], Npy.Read(At("empty.npy")).shape);
    }

    [Fact]
    public void Several_writers_of_one_file_do_not_disturb_each_other()
    {
        void WriteOne(int i) => TargetFile.Write("test", At("a"), stream => stream.Write(new byte[100 + i]));
        System.Threading.Tasks.Parallel.For(0, 40, WriteOne);
        Assert.InRange(new FileInfo(Assert.Single(Directory.GetFiles(Folder))).Length, 100, 139);
    }
}
