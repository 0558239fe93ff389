using Bijectors.Files;

namespace Bijectors;

/// <summary>
/// A saved model cannot be read or written. The message is one sentence that says which file, what was expected, what
/// came, and what to do.
/// </summary>
public sealed class SavedModelException : Exception
{
    /// <summary>An exception with its whole sentence.</summary>
    /// <param name="message">Which file, expected, got, and what to do.</param>
    /// <param name="inner">The failure underneath, if there is one.</param>
    public SavedModelException(string message, Exception? inner = null)
        : base(OneLine.Short(message), inner)
    {
    }
}
