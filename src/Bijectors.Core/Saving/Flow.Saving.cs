namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Writes the flow as one <c>.safetensors</c> file, aside first and renamed when it is whole: its declaration as
    /// JSON, its weights, their SHA-256, and what it makes of four points.
    /// </summary>
    /// <remarks>
    /// Every bijector, network, distribution and step of this library can be written; a class of one's own is
    /// registered by <see cref="SavedPieces.Register{T}(string)"/>. Reversible training is a mode and not written.
    /// Modules that are used twice stay one.
    /// </remarks>
    /// <param name="path">The file; one that exists is replaced, where the path is a link, what it leads to.</param>
    /// <exception cref="SavedModelException">The flow is a frozen copy or has a piece of a class that is not
    /// registered, a weight is NaN or infinite, or the file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FlowFile.Write(path, this, new Dictionary<string, string>());
    }

    /// <summary>
    /// Makes the flow of a file again, on the CPU and in the dtype it was saved in. Only registered classes are made,
    /// no code of the file runs, and a file asks for no more than twice the numbers that it holds.
    /// </summary>
    /// <param name="path">A file that <see cref="Save"/> has written.</param>
    /// <exception cref="SavedModelException">The file is missing, damaged, of another program or version, names a class
    /// that is not registered or a larger flow than it holds, or the flow gives other values than when it was
    /// saved.</exception>
    public static Flow Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FlowFile.Read(path).Flow;
    }
}
