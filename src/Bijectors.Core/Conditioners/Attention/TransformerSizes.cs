namespace Bijectors;

/// <summary>The sizes of a transformer besides those of its input and output.</summary>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Hidden">The width of the tokens inside.</param>
/// <param name="BlockCount">The number of blocks.</param>
/// <param name="Heads">The number of heads of attention.</param>
/// <param name="Expansion">How many times the width the hidden layer of a block has.</param>
internal readonly record struct TransformerSizes(long Tokens, long Hidden, int BlockCount, int Heads, int Expansion)
{
    // Of a block: queries, keys, values, the map of the heads, and two layers of the expansion.
    private const long MapsOfAttention = 4;

    /// <summary>Checks them.</summary>
    /// <param name="whose">The network, for messages.</param>
    /// <exception cref="ArgumentException">One is not positive, or there are too many blocks.</exception>
    /// <exception cref="InsufficientMemoryException">The weights take too much memory.</exception>
    public void Check(string whose)
    {
        Numbers.CheckCount(whose, "a number of tokens", Tokens, least: 1);
        Numbers.CheckCount(whose, "a hidden width", Hidden, least: 1);
        Numbers.CheckCount(whose, "a number of blocks", BlockCount, least: 0);
        Numbers.CheckCount(whose, "a number of heads", Heads, least: 1);
        Numbers.CheckCount(whose, "an expansion", Expansion, least: 1);
        MemoryLimit.CheckWeights(BlockCount, MapsOfAttention + (2L * Expansion), Hidden, Hidden);
        Nesting.CheckLength(whose, BlockCount);
    }
}
