namespace Bijectors.Kernels;

/// <summary>Rows of points in equal blocks of whole tiles, which threads share.</summary>
internal readonly record struct RowBlocks
{
    // Few enough that the values of two layers stay in the cache, many enough for the panels to be worth reading.
    private const int BlockRows = 128;

    // Multiplications of one pass from which on threads gain: to wake one and to wait for it takes as
    // long as a million.
    private const long LeastToShare = 3 << 20;

    // Gradients of the weights are sums over the rows of all blocks. They are made of as many partial sums, of the same
    // rows, whatever the number of threads: the same bits.
    private const int MostSums = 16;

    private readonly long _rows;
    private readonly int _size;

    /// <param name="rows">How many rows there are.</param>
    /// <param name="products">Multiplications of one pass over all of them.</param>
    public RowBlocks(long rows, long products)
    {
        var blocks = Math.Max(products < LeastToShare ? 1 : 2, (rows + BlockRows - 1) / BlockRows);
        _rows = rows;
        _size = (int)((rows + (blocks * MatrixProduct.TileRows) - 1) / (blocks * MatrixProduct.TileRows))
            * MatrixProduct.TileRows;
    }

    /// <summary>How many partial sums there are.</summary>
    public int Sums => (int)((_rows + RowsOfSum - 1) / RowsOfSum);

    private long Blocks => (_rows + _size - 1) / _size;

    private long RowsOfSum => _size * ((Blocks + MostSums - 1) / MostSums);

    /// <summary>Runs each block: its first row, and how many.</summary>
    public void Each(Action<long, int> work)
    {
        var (rows, size) = (_rows, _size);
        Workers.Each(Blocks, block => work(block * size, (int)Math.Min(size, rows - (block * size))));
    }

    /// <summary>Runs each block of each partial sum: the sum, its first row, and how many.</summary>
    /// <param name="begin">Called with each sum before its blocks.</param>
    /// <param name="work">Is given what that gave.</param>
    public void EachOfSums<TSum>(Func<int, TSum> begin, Action<TSum, long, int> work)
    {
        var (rows, size, rowsOfSum) = (_rows, _size, RowsOfSum);
        Workers.Each(Sums, sum =>
        {
            var into = begin((int)sum);
            var end = Math.Min(rows, (sum + 1) * rowsOfSum);
            for (var row = sum * rowsOfSum; row < end; row += size)
            {
                work(into, row, (int)Math.Min(size, end - row));
            }
        });
    }
}
