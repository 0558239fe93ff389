using System.Globalization;

namespace Bijectors.Cli;

/// <summary>The log of a run: plain lines behind their time, added to what is there.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly LastingWriter _writer;
    private readonly StreamWriter _file;

    /// <summary>Opens the log.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public RunLog(string path)
    {
        _file = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
        _writer = new LastingWriter(_file);
    }

    /// <summary>Adds a line; where the disk is full, it is lost, and the run is not.</summary>
    public void Line(string text)
    {
        var time = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        _writer.Write($"{time} {text.ReplaceLineEndings(" ")}\n");
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What is left in its memory is lost with the disk.
        }
    }
}
