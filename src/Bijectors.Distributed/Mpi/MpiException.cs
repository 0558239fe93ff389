namespace Bijectors.Distributed;

/// <summary>
/// MPI cannot be used, or one of its operations has failed. The message is one sentence that says what was expected,
/// what came, and what to do.
/// </summary>
public sealed class MpiException : Exception
{
    /// <summary>An exception with its whole sentence.</summary>
    /// <param name="message">Expected, got, and what to do.</param>
    /// <param name="inner">The failure underneath, if there is one.</param>
    public MpiException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
