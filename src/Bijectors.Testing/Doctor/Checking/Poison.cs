using System.Runtime.InteropServices;

namespace Bijectors.Testing.Doctor;

/// <summary>Makes NaN of memory that was never written, so that who reads it reads NaN.</summary>
internal static class Poison
{
    /// <summary>A byte that makes NaN of every floating-point number and -1 of every whole number.</summary>
    public const byte Byte = 0xFF;

    private const string Library = "libc.so.6";

    // An option of glibc's malloc: memory that it hands out is filled with the complement of the lowest byte of the
    // value, and 0 turns it off.
    private const int Perturb = -6;
    private const int WithOnes = 0x100;

    private const int Together = 2;
    private const int Multiple = 16;

    // Larger memory is not padded by more than a little; the largest goes back to the operating system when it is
    // freed.
    private const int MostOfMultiples = 1 << 15;
    private const int Most = 1 << 20;

    private static readonly bool s_hasMallopt = OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(Library, out var library) && NativeLibrary.TryGetExport(library, "mallopt", out _);

    /// <summary>Makes the C library fill all memory that it hands out, or do so no longer.</summary>
    /// <returns>Whether memory is filled: false where it is not glibc.</returns>
    public static bool Fill(bool on) => s_hasMallopt && SetAllocatorOption(Perturb, on ? WithOnes : 0) == 1 && on;

    /// <summary>
    /// Leaves NaN in memory that is free, in pieces of these sizes and of multiples: what is padded to full vectors
    /// is larger.
    /// </summary>
    /// <param name="sizes">Sizes in bytes.</param>
    public static void Spread(IEnumerable<int> sizes)
    {
        using var scope = NewDisposeScope();
        foreach (var size in sizes.Where(size => size > 0).Distinct())
        {
            Leave(size, Most);
            for (var larger = 2 * size; larger <= Multiple * size; larger *= 2)
            {
                Leave(larger, MostOfMultiples);
            }
        }
    }

    private static void Leave(int size, int most)
    {
        for (var i = 0; i < Together && size <= most; i++)
        {
            empty([size], ScalarType.Byte).bytes.Fill(Byte);
        }
    }

    [DllImport(Library, EntryPoint = "mallopt")]
    private static extern int SetAllocatorOption(int option, int value);
}
