using System.Runtime.CompilerServices;
using TorchSharp;

// The global random number generator and grad mode are shared: tests run one after another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Bijectors.Tests;

internal static class OneThread
{
    // Small tensors: a second thread costs more than it brings.
    [ModuleInitializer]
    internal static void Set() => torch.set_num_threads(1);
}
