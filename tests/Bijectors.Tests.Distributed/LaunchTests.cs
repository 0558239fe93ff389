using Bijectors.Distributed;

namespace Bijectors.Tests.Distributed;

/// <summary>What a process knows of the launcher that has started it, and that it looks for MPI only then.</summary>
public sealed class LaunchTests
{
    [Fact]
    public void Launchers_are_known_by_their_variables()
    {
        Assert.Equal(
            new LaunchedJob(1, 4, MpiKind.OpenMpi),
            Of(("OMPI_COMM_WORLD_RANK", "1"), ("OMPI_COMM_WORLD_SIZE", "4")));
        Assert.Equal(new LaunchedJob(0, 2, MpiKind.Mpich), Of(("PMI_RANK", "0"), ("PMI_SIZE", "2")));
        Assert.Null(Of());
        Assert.Null(Of(("PMI_RANK", "0")));
        Assert.Null(Of(("PMI_RANK", "one"), ("PMI_SIZE", "2")));
        Assert.Null(Of(("PMI_RANK", "2"), ("PMI_SIZE", "2")));
    }

    [Fact]
    public void A_process_by_itself_runs_the_program_without_MPI()
    {
        Assert.False(MpiJob.IsLaunched);
        Assert.Equal(7, MpiJob.Run(ranks => ranks.Size == 1 && ranks == Communicator.Alone ? 7 : 0));
        var modules = System.Diagnostics.Process.GetCurrentProcess().Modules
            .Cast<System.Diagnostics.ProcessModule>().Select(module => module.ModuleName);
        Assert.DoesNotContain(modules, name => name.StartsWith("libmpi", StringComparison.Ordinal));
    }

    [Fact]
    public void Handles_of_MPICH_are_those_of_its_header()
    {
        // MPI_COMM_WORLD, MPI_FLOAT, MPI_DOUBLE, MPI_BYTE, MPI_SUM, MPI_IN_PLACE of mpi.h.
        var handles = MpiHandles.Of(MpiKind.Mpich, 0);
        Assert.Equal(
            new MpiHandles(0x44000000, 0x4c00040a, 0x4c00080b, 0x4c00010d, 0x58000003, -1), handles);
    }

    private static LaunchedJob? Of(params (string Name, string Value)[] variables) =>
        LaunchedJob.Of(name => variables.FirstOrDefault(row => row.Name == name).Value);
}
