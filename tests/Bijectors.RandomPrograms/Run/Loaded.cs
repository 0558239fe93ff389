using System.Runtime.Loader;

namespace Bijectors.RandomPrograms.Run;

/// <summary>A built assembly, loaded until it is disposed.</summary>
internal sealed class Loaded : IDisposable
{
    private readonly AssemblyLoadContext _context = new(null, isCollectible: true);
    private readonly System.Reflection.Assembly _assembly;

    public Loaded(byte[] assembly)
    {
        using var stream = new MemoryStream(assembly);
        _assembly = _context.LoadFromStream(stream);
    }

    public Bijector Make(string name) => (Bijector)Activator.CreateInstance(_assembly.GetType("Drawn." + name)!)!;

    public void Dispose() => _context.Unload();
}
