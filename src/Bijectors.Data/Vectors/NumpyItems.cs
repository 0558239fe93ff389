using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>NumPy arrays as items: vectors, or images.</summary>
internal static class NumpyItems
{
    public static Dataset OpenNpy(string path, Split split, int seed)
    {
        using var scope = NewDisposeScope();
        return Deal(Path.GetFileName(path), Npy.Read(path), split, seed, null);
    }

    public static Dataset OpenNpz(string path, string? key, Split split, int seed, string? context)
    {
        using var scope = NewDisposeScope();
        var whose = Path.GetFileName(path);
        using var archive = NpzArchive.Open(path);
        var (name, array) = archive.Read(key);
        var given = context is null ? null : archive.Read(context).Array.to(ScalarType.Float32);
        return Deal($"{whose}#{name}", array, split, seed, given);
    }

    private static Dataset Deal(string name, Tensor array, Split split, int seed, Tensor? context)
    {
        (Tensor, IReadOnlyList<TableColumn>?)? given =
            context is null ? null : (context.dim() == 1 ? context.unsqueeze(1) : context, null);
        return array.dim() switch
        {
            1 => SplitItems.Deal(name, array.unsqueeze(1), split, seed, null, null, given),
            2 => SplitItems.Deal(name, array, split, seed, null, null, given),
            4 => SplitItems.Deal(name, array, split, seed, array.dtype == ScalarType.Byte ? 256 : null, null, given),
            _ => throw new DataException(
                name,
                "vectors (N, d) or images (N, channels, height, width)",
                ShapeText.Of(array),
                "reshape the array"),
        };
    }
}
