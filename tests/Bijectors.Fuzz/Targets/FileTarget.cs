using Bijectors.Data;
using TorchSharp;

namespace Bijectors.Fuzz;

/// <summary>A file, or a folder with one, that is opened as data.</summary>
/// <param name="name">What it is called.</param>
/// <param name="share">How many of 1,000 inputs are its.</param>
/// <param name="file">The file, in its folder.</param>
/// <param name="spec">How data there are named, with the folder in the place of <c>*</c>.</param>
/// <param name="seeds">Files as they should be.</param>
/// <param name="change">Changes one.</param>
internal sealed class FileTarget(
    string name, int share, string file, string spec, IReadOnlyList<byte[]> seeds, Func<byte[], Random, byte[]> change)
    : Target(name, share)
{
    /// <summary>Further files of its folder, which stay as they should be.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Others { get; init; } = [];

    public override IEnumerable<byte[]> Seeds => seeds;

    public override byte[] Draw(Random random) => change(seeds[random.Next(seeds.Count)], random);

    public override string? Run(byte[] input, string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, file), input);
        foreach (var (name, content) in Others.Where(other => !File.Exists(Path.Combine(folder, other.Name))))
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        return Answer(() =>
        {
            using var data = Datasets.Open(spec.Replace("*", folder, StringComparison.Ordinal));
            var mayBeMissing = data.Schema?.Any(column => column.MayBeMissing) == true;
            Demand(
                !data.Train.isinf().any().ToBoolean() && (mayBeMissing || !data.Train.isnan().any().ToBoolean()),
                "an answer with values that are not finite");
            Demand(
                data.Levels is not { } levels || data.Train.ge(0).logical_and(data.Train.lt(levels)).all().ToBoolean(),
                "an answer with values that are no levels");
            Demand(
                data.Columns is not { } columns || columns.Count == data.ItemShape[0],
                "another number of names than columns");
        });
    }
}
