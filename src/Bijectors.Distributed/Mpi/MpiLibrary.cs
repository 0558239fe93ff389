using System.Runtime.InteropServices;
using System.Text;

namespace Bijectors.Distributed;

/// <summary>The dozen functions of MPI that are used here, in the library of the machine.</summary>
internal sealed unsafe class MpiLibrary
{
    // MPI_THREAD_SERIALIZED: one thread at a time, not always the same one.
    private const int Serialized = 2;
    private const int LongestVersion = 8192;

    private readonly nint _library;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int> _allreduce;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, nint*, int> _beginAllreduce;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int> _broadcast;
    private readonly delegate* unmanaged[Cdecl]<nint*, int*, nint, int> _test;
    private readonly delegate* unmanaged[Cdecl]<nint*, nint, int> _wait;

    private MpiLibrary(MpiKind kind, nint library)
    {
        _library = library;
        Handles = MpiHandles.Of(kind, library);
        // MPI_STATUS_IGNORE.
        StatusIgnore = kind == MpiKind.Mpich ? 1 : 0;
        _allreduce = (delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int>)Export("MPI_Allreduce");
        _beginAllreduce =
            (delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, nint*, int>)Export("MPI_Iallreduce");
        _broadcast = (delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int>)Export("MPI_Bcast");
        _test = (delegate* unmanaged[Cdecl]<nint*, int*, nint, int>)Export("MPI_Test");
        _wait = (delegate* unmanaged[Cdecl]<nint*, nint, int>)Export("MPI_Wait");
    }

    private MpiHandles Handles { get; }

    private nint StatusIgnore { get; }

    /// <summary>Loads the library that belongs to a launcher.</summary>
    /// <param name="kind">Whose launcher it was.</param>
    /// <exception cref="MpiException">There is none, or it is another one.</exception>
    public static MpiLibrary Load(MpiKind kind)
    {
        var names = Names(kind);
        foreach (var name in names)
        {
            // The library loads its own parts, which look for its symbols: dlopen as .NET calls it is enough for that.
            if (NativeLibrary.TryLoad(name, out var library) && Fits(kind, library))
            {
                return new(kind, library);
            }
        }

        throw new MpiException(
            $"MPI: expected the library of {Title(kind)}, whose launcher has started this process, found none as "
            + $"{string.Join(", ", names)}; install it ({Package(kind)}), name its folder in LD_LIBRARY_PATH, or start "
            + "the process without a launcher.");
    }

    /// <summary>Begins to use MPI.</summary>
    /// <returns>The number of this process, and of all.</returns>
    public (int Rank, int Size) Begin()
    {
        int given, rank, size;
        var begin = (delegate* unmanaged[Cdecl]<nint, nint, int, int*, int>)Export("MPI_Init_thread");
        Expect(begin(0, 0, Serialized, &given), "MPI_Init_thread");
        if (given < Serialized)
        {
            throw new MpiException(
                $"MPI: expected a library that several threads may call in turn, got level {given} of threads; take "
                + "one that was built with threads.");
        }

        var number = (delegate* unmanaged[Cdecl]<nint, int*, int>)Export("MPI_Comm_rank");
        Expect(number(Handles.World, &rank), "MPI_Comm_rank");
        number = (delegate* unmanaged[Cdecl]<nint, int*, int>)Export("MPI_Comm_size");
        Expect(number(Handles.World, &size), "MPI_Comm_size");
        return (rank, size);
    }

    /// <summary>Begins a sum in place; the request is for <see cref="Test"/> and <see cref="Wait"/>.</summary>
    public nint BeginSum(nint memory, int count, NumberType type)
    {
        nint request = 0;
        var result = _beginAllreduce(Handles.InPlace, memory, count, Of(type), Handles.Sum, Handles.World, &request);
        Expect(result, "MPI_Iallreduce");
        return request;
    }

    public void Sum(nint memory, int count, NumberType type) =>
        Expect(_allreduce(Handles.InPlace, memory, count, Of(type), Handles.Sum, Handles.World), "MPI_Allreduce");

    public bool Test(ref nint request)
    {
        int done;
        fixed (nint* place = &request)
        {
            Expect(_test(place, &done, StatusIgnore), "MPI_Test");
        }

        return done != 0;
    }

    public void Wait(ref nint request)
    {
        fixed (nint* place = &request)
        {
            Expect(_wait(place, StatusIgnore), "MPI_Wait");
        }
    }

    public void Broadcast(nint memory, int count, int from) =>
        Expect(_broadcast(memory, count, Handles.Byte, from, Handles.World), "MPI_Bcast");

    public void Barrier()
    {
        var barrier = (delegate* unmanaged[Cdecl]<nint, int>)Export("MPI_Barrier");
        Expect(barrier(Handles.World), "MPI_Barrier");
    }

    public void Abort(int exitCode)
    {
        var abort = (delegate* unmanaged[Cdecl]<nint, int, int>)Export("MPI_Abort");
        abort(Handles.World, exitCode);
    }

    public void End()
    {
        var end = (delegate* unmanaged[Cdecl]<int>)Export("MPI_Finalize");
        Expect(end(), "MPI_Finalize");
    }

    private static string[] Names(MpiKind kind) => (kind, OperatingSystem.IsMacOS()) switch
    {
        (MpiKind.OpenMpi, false) => ["libmpi.so.40", "libmpi.so"],
        (MpiKind.OpenMpi, true) => ["libmpi.40.dylib", "libmpi.dylib"],
        (_, false) => ["libmpich.so.12", "libmpi.so.12", "libmpi.so"],
        _ => ["libmpi.12.dylib", "libmpi.dylib"],
    };

    private static string Title(MpiKind kind) => kind == MpiKind.OpenMpi ? "Open MPI" : "MPICH";

    private static string Package(MpiKind kind) =>
        kind == MpiKind.OpenMpi ? "Debian: libopenmpi3" : "Debian: libmpich12";

    // The handles of the one are nonsense to the other, so what the library says of itself is asked before any is used.
    private static bool Fits(MpiKind kind, nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "MPI_Get_library_version", out var version))
        {
            return false;
        }

        var text = stackalloc byte[LongestVersion];
        int length;
        return ((delegate* unmanaged[Cdecl]<byte*, int*, int>)version)(text, &length) == 0
            && Encoding.UTF8.GetString(text, length).Contains("Open MPI", StringComparison.Ordinal)
                == (kind == MpiKind.OpenMpi);
    }

    private static void Expect(int result, string function)
    {
        if (result != 0)
        {
            throw new MpiException($"{function}: expected success, got error {result}; see what MPI says above.");
        }
    }

    private nint Of(NumberType type) => type == NumberType.Float32 ? Handles.Float : Handles.Double;

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
