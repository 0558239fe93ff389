using Bijectors.Files;

namespace Bijectors.Cli;

/// <summary>A folder that is known to be writable, into which whole files go: written aside, then renamed.</summary>
internal sealed class OutputFolder
{
    private const string Probe = ".bijectors";

    private readonly string _path;

    private OutputFolder(string path) => _path = path;

    /// <summary>Makes the folder if need be and tries to write to it, before hours of work depend on it.</summary>
    /// <exception cref="UserException">It cannot be made or written to.</exception>
    public static OutputFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(Path.GetFullPath(path), Probe);
            AsideFile.RemoveLeftovers(probe);
            var aside = AsideFile.NameFor(probe);
            File.WriteAllBytes(aside, []);
            File.Delete(aside);
            return new OutputFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(
                $"{path}: expected a folder that can be written to, got: {exception.Message}", exception);
        }
    }

    /// <summary>Checks that a file can be written, and gives its full path.</summary>
    /// <exception cref="UserException">It cannot: it is a folder, a pipe or a device, or may not be
    /// written.</exception>
    public static string CheckFile(string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new UserException($"{path}: expected the name of a file to write, got a folder.");
        }

        try
        {
            var target = PlainFile.Target(path);
            PlainFile.CheckReplaceable(target);
            Open(Path.GetDirectoryName(target)!);
            return Path.GetFullPath(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path}: expected a file that can be written, got: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>The path of a file of this folder.</summary>
    public string PathOf(string name) => Path.Combine(_path, name);

    public void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] content) => WholeFile.Write(PathOf(name), stream => stream.Write(content));
}
