using System.Globalization;
using Bijectors.Distributed;

namespace Bijectors.Cli;

/// <summary>
/// A command that <c>mpirun</c> has started on several ranks, and how it ends where something goes wrong. What all see
/// alike, a person is told once, by the first rank; what goes wrong on one of them alone ends the others, which would
/// wait for it for ever. Of a single process it does nothing.
/// </summary>
internal sealed class SharedCommand(Communicator ranks)
{
    private bool _begun;

    public Communicator Ranks => ranks;

    /// <summary>True for the rank that writes files and talks to a person.</summary>
    public bool Writes => ranks.IsFirst;

    /// <summary>Waits until all ranks have prepared what they need. From here on they compute together.</summary>
    /// <exception cref="SharedFailureException">One of them could not.</exception>
    public void Begin()
    {
        Agree("");
        _begun = true;
    }

    /// <summary>Tells of a failure, on as many ranks as have to.</summary>
    /// <param name="terminal">Of this rank; only that of the first one is seen.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="message">The sentence.</param>
    /// <param name="isShared">True where all ranks have failed in this way.</param>
    /// <returns>The exit code.</returns>
    public int Fail(Terminal terminal, ExitCode code, string message, bool isShared)
    {
        if (ranks.Size == 1 || (isShared && _begun))
        {
            return terminal.Fail(code, message);
        }

        if (!_begun)
        {
            try
            {
                Agree($"{(int)code} {message}");
            }
            catch (SharedFailureException failure)
            {
                return terminal.Fail(failure.Code, failure.Message);
            }
        }

        System.Console.Error.WriteLine($"error: rank {ranks.Rank} of {ranks.Size}: {message.ReplaceLineEndings(" ")}");
        ranks.Abort((int)code);
        return (int)code;
    }

    /// <summary>Compares notes before the ranks compute together: all fail where one has failed.</summary>
    private void Agree(string failure)
    {
        if (ranks.Size == 1 || _begun)
        {
            return;
        }

        var failures = ranks.Gather(failure);
        for (var rank = 0; rank < failures.Count; rank++)
        {
            if (failures[rank].Split(' ', 2) is [var code, var message])
            {
                throw new SharedFailureException(
                    (ExitCode)int.Parse(code, CultureInfo.InvariantCulture),
                    rank == 0 ? message : $"rank {rank} of {ranks.Size}: {message}");
            }
        }
    }
}
