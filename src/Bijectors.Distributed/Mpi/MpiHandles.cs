using System.Runtime.InteropServices;

namespace Bijectors.Distributed;

/// <summary>The constants of <c>mpi.h</c>: in Open MPI addresses, in MPICH whole numbers.</summary>
internal sealed record MpiHandles(nint World, nint Float, nint Double, nint Byte, nint Sum, nint InPlace)
{
    // mpi.h of MPICH: kind, class and size of the object in one number, the same since MPICH 3.
    private static readonly MpiHandles s_mpich = new(
        World: 0x44000000, Float: 0x4c00040a, Double: 0x4c00080b, Byte: 0x4c00010d, Sum: 0x58000003, InPlace: -1);

    /// <summary>Those of a library.</summary>
    public static MpiHandles Of(MpiKind kind, nint library)
    {
        return kind == MpiKind.Mpich ? s_mpich : new(
            World: Export("ompi_mpi_comm_world"),
            Float: Export("ompi_mpi_float"),
            Double: Export("ompi_mpi_double"),
            Byte: Export("ompi_mpi_byte"),
            Sum: Export("ompi_mpi_op_sum"),
            InPlace: 1);

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }
}
