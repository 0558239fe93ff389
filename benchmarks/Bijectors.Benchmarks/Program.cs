using System.Globalization;
using Bijectors.Benchmarks;
using Bijectors.Benchmarks.Compiling;
using Bijectors.Benchmarks.Frozen;
using Bijectors.Benchmarks.Fused;
using Bijectors.Benchmarks.Generated;
using Bijectors.Benchmarks.Memory;
using Bijectors.Benchmarks.Outside;
using Bijectors.Benchmarks.Reversible;
using Bijectors.Benchmarks.Sampling;
using Bijectors.Benchmarks.Scoring;
using Bijectors.Benchmarks.Starting;
using Bijectors.Benchmarks.Variational;

switch (args)
{
    case ["generated"]:
        GeneratedLayers.Run();
        break;
    case ["bytes"]:
        MovedBytes.Run();
        break;
    case ["bytes", var threads]:
        MovedBytes.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["dispose"]:
        DisposeDiscipline.Run();
        break;
    case ["dispose", var mode, var flow]:
        DisposeDiscipline.Child(mode == "disposed", flow);
        break;
    case ["startup"]:
        StartUp.Run();
        break;
    case ["startup", var since]:
        StartUp.Child(long.Parse(since, CultureInfo.InvariantCulture));
        break;
    case ["scoring"]:
        Throughput.Run();
        break;
    case ["generator"]:
        GeneratorCost.Run();
        break;
    case ["maf"]:
        MafSampling.Run(threads: 1);
        break;
    case ["maf", var threads]:
        MafSampling.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["naf"]:
        NafSampling.Run(threads: 1);
        break;
    case ["naf", var threads]:
        NafSampling.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["triangular"]:
        TriangularInverse.Run(threads: 1);
        break;
    case ["triangular", var threads]:
        TriangularInverse.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["trace"]:
        TracedSamples.Run();
        break;
    case ["fused"]:
        FusedKernels.Run();
        FusedNetworks.Run();
        break;
    case ["fused", var threads]:
        FusedKernels.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        FusedNetworks.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["frozen"]:
        FrozenFlows.Run();
        break;
    case ["frozen", var threads]:
        FrozenFlows.Run(int.Parse(threads, CultureInfo.InvariantCulture));
        break;
    case ["outside"]:
        OutsideCopies.Run();
        break;
    case ["reversible"]:
        ReversibleTraining.Run();
        break;
    case ["variational", .. var rows]:
        Divergences.Run(steps: 500, seeds: rows.Length > 0 ? 1 : 3, rows);
        break;
    default:
        ModelBenchmarks.Run(args);
        break;
}
