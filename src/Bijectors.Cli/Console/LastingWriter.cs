using System.Text;

namespace Bijectors.Cli;

/// <summary>
/// A writer that outlives its terminal: what is written is lost then, and what is being trained is not.
/// </summary>
internal sealed class LastingWriter(TextWriter inner) : TextWriter
{
    private bool _gone;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (_gone)
        {
            return;
        }

        try
        {
            write();
        }
        catch (IOException)
        {
            _gone = true;
        }
    }
}
