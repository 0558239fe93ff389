namespace Bijectors.Distributed;

/// <summary>The two binary interfaces that implementations of MPI have on Linux and macOS.</summary>
internal enum MpiKind
{
    /// <summary>Handles are addresses of objects that the library exports.</summary>
    OpenMpi,

    /// <summary>Handles are whole numbers, as in MPICH, Intel MPI, MVAPICH and Cray MPICH.</summary>
    Mpich,
}
