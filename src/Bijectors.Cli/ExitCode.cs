namespace Bijectors.Cli;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>Something given does not exist, does not fit or cannot be written; or a check failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>A bug of ours.</summary>
    public const int Internal = 3;

    /// <summary>Stopped by Ctrl-C or another signal; what had been trained, if anything, is written.</summary>
    public const int Interrupted = 130;
}
