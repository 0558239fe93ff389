using System.CommandLine;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>A saved model as a command line names it: its file, or the directory of the run that made it.</summary>
internal static class ModelFile
{
    /// <summary>The argument.</summary>
    public static Argument<string> Argument() => new("model")
    {
        Description = "A file that \"bijectors train\" has saved, or the folder of a run.",
    };

    /// <summary>The file.</summary>
    /// <exception cref="UserException">It is a folder without a model.</exception>
    public static string Of(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        var folder = new RunFolder(path);
        return File.Exists(folder.Model)
            ? folder.Model
            : throw new UserException(
                $"{path}: expected a saved model or the folder of a run that has one, got a folder without "
                + $"{RunFolder.ModelFile}" + (folder.Exists ? $"; \"bijectors resume {path}\" makes it." : "."));
    }

    /// <summary>The model.</summary>
    public static SavedModel Load(string path) => SavedModel.Load(Of(path));
}
