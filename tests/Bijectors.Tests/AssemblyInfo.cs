using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;

// The global random number generator and the count of tensors belong to the process: its tests run one after another.
// Projects of tests run side by side, in processes of their own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Bijectors.Tests;

internal static class Threads
{
    // Small tensors: a second thread costs more than it brings. Other numbers are for .ci/variants, which runs some of
    // the tests again.
    [ModuleInitializer]
    internal static void Set() => torch.set_num_threads(
        int.Parse(Environment.GetEnvironmentVariable("BIJECTORS_TEST_THREADS") ?? "1", CultureInfo.InvariantCulture));
}
