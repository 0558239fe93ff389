using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Bijectors.Cli;

/// <summary>The processor, as it describes itself.</summary>
internal static class Processor
{
    private const int FirstOfName = unchecked((int)0x80000002);
    private const int LastOfName = unchecked((int)0x80000004);

    /// <summary>
    /// The name that it gives itself, with family and model: virtual machines often give no more than a brand.
    /// </summary>
    public static string Name()
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (!X86Base.IsSupported)
        {
            return architecture;
        }

        var name = new StringBuilder();
        for (var leaf = FirstOfName; leaf <= LastOfName; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId(leaf, 0);
            foreach (var register in (ReadOnlySpan<int>)[a, b, c, d])
            {
                name.Append(Encoding.ASCII.GetString(BitConverter.GetBytes(register)));
            }
        }

        var (family, model) = Signature(X86Base.CpuId(1, 0).Eax);
        return $"{name.ToString().Trim('\0', ' ')}, family {family}, model {model}, {architecture}";
    }

    /// <summary>What .NET may use of it, and how wide its vectors are. torch asks the processor itself.</summary>
    public static string InstructionSets()
    {
        (string Name, bool Has)[] sets =
        [
            ("SSE4.1", Sse41.IsSupported), ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported),
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512F", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported), ("AVX-512DQ", Avx512DQ.IsSupported),
            ("AVX-512VBMI", Avx512Vbmi.IsSupported), ("AdvSimd", AdvSimd.IsSupported),
        ];
        var names = sets.Where(set => set.Has).Select(set => set.Name).DefaultIfEmpty("none");
        return FormattableString.Invariant($"{string.Join(", ", names)}; vectors of {8 * Vector<byte>.Count} bits");
    }

    /// <summary>Family and model out of leaf 1, where the larger ones are in two pieces.</summary>
    private static (int Family, int Model) Signature(int eax)
    {
        var (family, model) = ((eax >> 8) & 0xF, (eax >> 4) & 0xF);
        var larger = family is 0xF or 6 ? model + (((eax >> 16) & 0xF) << 4) : model;
        return (family == 0xF ? family + ((eax >> 20) & 0xFF) : family, larger);
    }
}
