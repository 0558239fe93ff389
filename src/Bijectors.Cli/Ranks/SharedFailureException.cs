namespace Bijectors.Cli;

/// <summary>A failure of one rank before they compute together, of which all know.</summary>
internal sealed class SharedFailureException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code => code;
}
