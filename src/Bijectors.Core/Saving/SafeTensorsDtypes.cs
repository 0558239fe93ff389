using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The format's names of dtypes.</summary>
internal static class SafeTensorsDtypes
{
    private static readonly (string Name, ScalarType Dtype, int Bytes)[] Rows =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Name(string path, ScalarType dtype) =>
        Rows.FirstOrDefault(row => row.Dtype == dtype).Name
            ?? throw new SavedModelException(
                $"{path}: expected one of the dtypes {Names}, got {dtype}; convert the tensor first.");

    public static (ScalarType Dtype, int Bytes) Find(string path, string tensor, string? name) =>
        Rows.FirstOrDefault(row => row.Name == name) is { Name: not null } row
            ? (row.Dtype, row.Bytes)
            : throw new SavedModelException($"{path}: expected one of the dtypes {Names} for {tensor}, got '{name}'.");

    private static string Names => string.Join(", ", Rows.Select(row => row.Name));
}
