using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>Tensors larger than a span may be are written and read in pieces; here the pieces are small.</summary>
public sealed class PiecesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(8, 12)]
    [InlineData(9, 12)]
    [InlineData(24, 4)]
    [InlineData(40, 3)]
    [InlineData(95, 2)]
    [InlineData(96, 1)]
    [InlineData(97, 1)]
    public void Pieces_cover_a_tensor_once_and_share_its_memory(long bytes, int count)
    {
        var tensor = arange(12).to(ScalarType.Float64).reshape(3, 4);
        var pieces = SafeTensors.Pieces(tensor, bytes).ToList();
        Assert.Equal(count, pieces.Count);
        Assert.All(pieces, piece => Assert.True(piece.numel() == 1 || piece.numel() * piece.element_size() <= bytes));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (double)i), pieces.SelectMany(piece => piece.data<double>().ToArray()));
        foreach (var piece in pieces)
        {
            piece.bytes.Clear();
        }

        Assert.True((tensor == 0).all().item<bool>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(1 << 20)]
    public void A_file_is_the_same_whatever_the_pieces(long bytes)
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["matrix"] = rand([5, 7], ScalarType.Float32).t(),
            ["none"] = zeros(0, 3),
            ["number"] = tensor(2.5, ScalarType.Float64),
            ["flags"] = tensor(new[] { true, false, true }),
        };
        var (whole, pieces) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "pieces"));
        SafeTensors.Write(whole, tensors);
        SafeTensors.Write(pieces, tensors, null, bytes);
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(pieces));
        foreach (var (name, read) in SafeTensors.Read(pieces, bytes).Tensors)
        {
            Assert.True(read.Equals(tensors[name]), name);
        }
    }
}
