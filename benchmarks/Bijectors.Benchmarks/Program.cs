using System.Globalization;
using BenchmarkDotNet.Running;
using Bijectors.Benchmarks.Compiling;
using Bijectors.Benchmarks.Frozen;
using Bijectors.Benchmarks.Fused;
using Bijectors.Benchmarks.Reversible;
using Bijectors.Benchmarks.Sampling;

switch (args)
{
    case ["generator"]:
        GeneratorCost.Run();
        break;
    case ["maf"]:
        MafSampling.Run(threads: 1);
        break;
    case ["maf", var threads]:
        MafSampling.Run(int.Parse(threads, CultureInfo.InvariantCulture));
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
    case ["reversible"]:
        ReversibleTraining.Run();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ReversibleTraining).Assembly).Run(args);
        break;
}
