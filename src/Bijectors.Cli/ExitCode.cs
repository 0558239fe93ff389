namespace Bijectors.Cli;

/// <summary>What the process tells the shell. <see cref="ExitCodes.All"/> says what each one means.</summary>
internal enum ExitCode
{
    Success = 0,
    Failure = 1,
    Usage = 2,
    Internal = 3,
    Interrupted = 130,
}
