namespace Bijectors.Training;

/// <summary>
/// A checkpoint cannot be read or written, is damaged, or belongs to another run. The message is one sentence that says
/// which file, what was expected, what came, and what to do.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An exception with its whole sentence.</summary>
    /// <param name="message">Which file, expected, got, and what to do.</param>
    /// <param name="inner">The failure underneath, if there is one.</param>
    public CheckpointException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
