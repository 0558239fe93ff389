using Bijectors.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

/// <summary>A test with a folder of its own, and with one scope for the tensors it makes.</summary>
public abstract class FolderTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected FolderTest() => Folder = Directory.CreateTempSubdirectory("bijectors-").FullName;

    protected string Folder { get; }

    protected static string Message(Action action) => Assert.Throws<DataException>(action).Message;

    protected static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    /// <summary>The values of all parts in ascending order: a split must lose and invent nothing.</summary>
    protected static float[] AllSorted(Dataset set)
        => [.. Values(cat([set.Train, set.Validation, set.Test])).Order()];

    protected string At(string name) => Path.Combine(Folder, name);

    protected string Write(string name, byte[] content)
    {
        File.WriteAllBytes(At(name), content);
        return At(name);
    }

    protected string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
