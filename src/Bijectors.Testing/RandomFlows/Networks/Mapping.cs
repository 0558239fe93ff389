namespace Bijectors.Testing.RandomFlows;

/// <summary>A transformer of a coupling, of an autoregressive or of an elementwise layer.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Size">Its number of bins, components or the like.</param>
internal sealed record Mapping(TransformerType Type, int Size)
{
    public int Cost => (Type.IsUsual ? 0 : 10) + Size;

    /// <summary>How many parameters there are for each mapped feature.</summary>
    public int Count => Type.Count(Size);

    public string Form => Type.Name;

    public Transformer Build(Making making) => Type.Make(Size, making.Generator);

    public string Write() => Type.Write(Size);

    /// <summary>How large entries may become in a direction where they are of a size, with raw parameters of
    /// another.</summary>
    public double Gain(double size, double raw, bool isInverse) => Type.Gain(Size, size, raw, isInverse);

    public static Mapping Draw(Chance chance) =>
        new(chance.Pick([.. TransformerType.All.Select(type => (type, type.Weight))]), chance.Between(1, 4));

    /// <summary>One with a closed inverse.</summary>
    public static Mapping DrawClosed(Chance chance) => new(
        chance.Pick([.. TransformerType.All.Where(type => !type.IsIterative).Select(type => (type, type.Weight))]),
        chance.Between(1, 4));

    public IEnumerable<Mapping> Simpler()
    {
        yield return this with { Size = 1 };
        yield return this with { Size = 2 };
        if (!Type.IsUsual)
        {
            yield return this with { Type = TransformerType.Usual };
        }
    }
}
