using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using Bijectors.Testing;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What this process runs on, fact by fact.</summary>
internal static class Machine
{
    private const double Gibibyte = 1L << 30;

    // What changes which code torch and .NET run.
    private static readonly string[] s_prefixes =
        ["ONEDNN_", "DNNL_", "ATEN_", "MKL_", "OMP_", "KMP_", "GOMP_", "TORCH", "DOTNET_Enable", "DOTNET_Preferred"];

    /// <summary>The facts, by name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts() =>
    [
        ("processor", Processor.Name()),
        ("instruction sets", Processor.InstructionSets()),
        ("threads", $"{Environment.ProcessorCount} logical cores, torch uses {torch.get_num_threads()}"),
        ("memory", string.Create(CultureInfo.InvariantCulture, $"{Memory():F1} GiB for this process")),
        ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}"),
        ("versions", $"Bijectors {SavedModel.LibraryVersion}, TorchSharp {TorchSharp()}, libtorch {torch.__version__}"),
        ("binding", TorchCheck.KeepsArgumentsAlive
            ? "holds what torch reads until it returns"
            : "lets the collector free what torch reads (docs/doctor.md)"),
        ("devices", Devices()),
        ("variables", Variables()),
    ];

    private static double Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;

    private static string TorchSharp() => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "?";

    private static string Devices() => torch.cuda.is_available()
        ? $"the processor and {torch.cuda.device_count()} of CUDA, which are not checked"
        : "the processor; none of CUDA";

    private static string Variables()
    {
        var set = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => s_prefixes.Any($"{variable.Key}".StartsWith))
            .Select(variable => $"{variable.Key}={variable.Value}").Order().ToList();
        return set.Count == 0 ? "none set that torch or .NET would heed" : string.Join(", ", set);
    }
}
