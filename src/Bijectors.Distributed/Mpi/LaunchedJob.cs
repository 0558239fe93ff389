using System.Globalization;

namespace Bijectors.Distributed;

/// <summary>What the launcher of MPI has told this process through its environment.</summary>
/// <param name="Rank">The number of the process.</param>
/// <param name="Size">The number of processes.</param>
/// <param name="Kind">Whose launcher it was.</param>
internal sealed record LaunchedJob(int Rank, int Size, MpiKind Kind)
{
    private static readonly (string Rank, string Size, MpiKind Kind)[] s_launchers =
    [
        ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", MpiKind.OpenMpi),
        ("PMI_RANK", "PMI_SIZE", MpiKind.Mpich),
    ];

    /// <summary>The job that this process is a part of; null where it was started by itself.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static LaunchedJob? Of(Func<string, string?> variable)
    {
        foreach (var (rank, size, kind) in s_launchers)
        {
            if (Number(variable(rank)) is { } place && Number(variable(size)) is { } count && place < count)
            {
                return new(place, count, kind);
            }
        }

        return null;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
