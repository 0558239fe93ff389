using BenchmarkDotNet.Running;
using Bijectors.Benchmarks.Compiling;
using Bijectors.Benchmarks.Reversible;
using Bijectors.Benchmarks.Sampling;

switch (args)
{
    case ["generator"]:
        GeneratorCost.Run();
        break;
    case ["maf"]:
        MafSampling.Run();
        break;
    case ["reversible"]:
        ReversibleTraining.Run();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ReversibleTraining).Assembly).Run(args);
        break;
}
