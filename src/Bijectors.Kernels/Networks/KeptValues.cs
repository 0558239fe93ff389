namespace Bijectors.Kernels;

/// <summary>
/// What backward needs of a forward pass: the inputs of all layers but the first, each rows x hidden.
/// </summary>
/// <param name="Start">The memory; 0 for none.</param>
/// <param name="Layers">The number of layers.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Hidden">The hidden width.</param>
internal readonly unsafe record struct KeptValues<T>(nint Start, int Layers, long Rows, int Hidden)
    where T : unmanaged
{
    /// <summary>Whether there is any.</summary>
    public bool Exists => Start != 0;

    /// <summary>The input of a layer from a row on; layers count from 0, which has none.</summary>
    public T* Input(int layer, long row) => (T*)Start + ((((layer - 1) * Rows) + row) * Hidden);

    /// <summary>The input of the last layer from a row on.</summary>
    public T* Last(long row) => Input(Layers - 1, row);
}
