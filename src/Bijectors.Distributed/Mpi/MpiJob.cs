namespace Bijectors.Distributed;

/// <summary>
/// A program that <c>mpirun -np N</c> may have started. Started by itself it is one process as before, and no library
/// of MPI is looked for.
/// </summary>
public static class MpiJob
{
    /// <summary>Whether a launcher has started this process with others; so its environment says.</summary>
    public static bool IsLaunched => Launched is { Size: > 1 };

    private static LaunchedJob? Launched => LaunchedJob.Of(Environment.GetEnvironmentVariable);

    /// <summary>Runs a program on this rank. What it throws is told on the error stream, with the number of the rank,
    /// and ends all ranks.</summary>
    /// <param name="program">What a rank does with its communicator: <see cref="Communicator.Alone"/> where the process
    /// was started by itself. It gives the exit code.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="MpiException">A launcher of MPI has started the process, and its library is not
    /// found.</exception>
    public static int Run(Func<Communicator, int> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!IsLaunched)
        {
            return program(Communicator.Alone);
        }

        using var ranks = new MpiCommunicator(Launched!.Kind);
        try
        {
            return program(ranks);
        }
        catch (Exception exception)
        {
            // The others wait for this rank, and would wait for ever.
            Console.Error.WriteLine($"error: rank {ranks.Rank} of {ranks.Size}: {exception}");
            ranks.Abort(1);
            throw;
        }
    }
}
