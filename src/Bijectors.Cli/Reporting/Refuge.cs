using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// Keeps what has been trained where the place that was asked for cannot be written in the end: a disk may fill up,
/// or a folder vanish, while a flow trains for hours.
/// </summary>
internal static class Refuge
{
    // Memory that looks like a disk: the last place that is left where all disks are full.
    private const string SharedMemory = "/dev/shm";

    private static IEnumerable<string> Folders =>
    [
        Path.GetTempPath(),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        Environment.CurrentDirectory,
        SharedMemory,
    ];

    /// <summary>Writes to a path; where that fails, to the first of some other folders that takes it.</summary>
    /// <param name="path">The file or the folder to write.</param>
    /// <param name="write">Writes to a path.</param>
    /// <exception cref="UserException">It was written elsewhere; the message says where.</exception>
    public static void Write(string path, Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            var got = exception.Message.TrimEnd('.');
            var end = Elsewhere(path, write) is { } place
                ? $"what was trained is kept as '{place}' instead, move it from there"
                : "no other place took it either, so what was trained is lost";
            throw new UserException($"{got}; {end}.", exception);
        }
    }

    private static string? Elsewhere(string path, Action<string> write)
    {
        var name = $"bijectors-{Guid.NewGuid():N}-{Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}";
        foreach (var place in Folders.Where(Directory.Exists).Select(folder => Path.Combine(folder, name)))
        {
            try
            {
                write(place);
                return place;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                RemoveEmpty(place);
            }
        }

        return null;
    }

    private static void RemoveEmpty(string place)
    {
        if (Directory.Exists(place) && !Directory.EnumerateFileSystemEntries(place).Any())
        {
            Directory.Delete(place);
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is SavedModelException or UserException or IOException or UnauthorizedAccessException;
}
