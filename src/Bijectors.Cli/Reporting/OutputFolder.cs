namespace Bijectors.Cli;

/// <summary>A folder that is known to be writable, into which whole files go: written aside, then renamed.</summary>
internal sealed class OutputFolder
{
    private readonly string _path;

    private OutputFolder(string path) => _path = path;

    /// <summary>Makes the folder if need be and tries to write to it, before hours of work depend on it.</summary>
    /// <exception cref="UserException">It cannot be made or written to.</exception>
    public static OutputFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $"{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new OutputFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException($"{path}: expected a folder that can be written to, got: {exception.Message}", exception);
        }
    }

    /// <summary>Checks that a file can be written, and gives its full path.</summary>
    /// <exception cref="UserException">It cannot.</exception>
    public static string CheckFile(string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new UserException($"{path}: expected the name of a file to write, got a folder.");
        }

        var full = Path.GetFullPath(path);
        Open(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>The path of a file of this folder.</summary>
    public string PathOf(string name) => Path.Combine(_path, name);

    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] content)
    {
        var aside = PathOf($"{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllBytes(aside, content);
            File.Move(aside, PathOf(name), overwrite: true);
        }
        finally
        {
            if (File.Exists(aside))
            {
                File.Delete(aside);
            }
        }
    }
}
