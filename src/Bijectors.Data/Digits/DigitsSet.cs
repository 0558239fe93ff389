using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>
/// The bundled digits: 64 pixels and the digit on each line of an embedded file (its source: NOTICE.md).
/// </summary>
internal static class DigitsSet
{
    private const string Resource = "Bijectors.Data.Digits.digits.csv.gz";

    public static Dataset Open(int seed)
    {
        using var scope = NewDisposeScope();
        using var file = SourceFile.Unpack("digits", typeof(DigitsSet).Assembly.GetManifestResourceStream(Resource)!);
        var layout = new CsvLayout(Header: false, Separator: ',', new TableRequest { LabelColumn = -1 });
        var content = CsvTable.Read("digits", file, layout).ToContent(isForTraining: false);
        return SplitItems.Deal(
            "digits", content.Items.reshape(-1, 1, 8, 8), Split.Sizes(1_297, 250, 250), seed, 17, content.Labels);
    }
}
