using System.Globalization;
using Bijectors.StepMemory;
using Bijectors.Training;
using TorchSharp;

// StepMemory <plain|reversible> <layers>: prints the peak of the resident memory during a training step, and that
// memory before it, in bytes. A process of its own: what other work has left behind would be in both.
if (args is not [("plain" or "reversible") and var mode, var count]
    || !int.TryParse(count, CultureInfo.InvariantCulture, out var layers))
{
    Console.Error.WriteLine("StepMemory: expected 'plain' or 'reversible' and a number of layers.");
    return 1;
}

MemoryTuning.ForSmallFootprint();
torch.set_num_threads(1);
var (before, peak) = StepPeak.Of(DeepFlow.Create(layers).Reversible(mode == "reversible"));
Console.WriteLine(FormattableString.Invariant($"{peak} {before}"));
return 0;
