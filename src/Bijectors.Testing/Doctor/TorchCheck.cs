using System.Reflection;
using Bijectors.Testing.Doctor;

namespace Bijectors.Testing;

/// <summary>
/// Asks torch on this machine's processor for values and gradients of every operation that this library uses, and
/// compares them with plain loops in float64.
/// </summary>
/// <remarks>
/// On some processors operations of torch read memory that was never written, or take a wrong vector kernel. A bijector
/// that is right then breaks its laws, and training stops. Freed memory is filled with NaN before every call, so that
/// what was never written shows.
/// </remarks>
public static class TorchCheck
{
    /// <summary>The names of the operations, as <see cref="TorchCheckOptions.Operations"/> takes them.</summary>
    public static IReadOnlyList<string> Operations { get; } =
        [.. Doctor.Operations.All.Select(operation => operation.Name).Distinct()];

    /// <summary>
    /// Whether the TorchSharp in this process holds the arguments of a call until torch has returned. As its package
    /// comes it does not, and where another thread allocates, the collector may free a number that torch is reading.
    /// </summary>
    /// <remarks>
    /// It does where the application was built with the targets that travel with Bijectors.Core; see docs/doctor.md.
    /// </remarks>
    public static bool KeepsArgumentsAlive { get; } = typeof(torch.Tensor)
        .GetMethod(nameof(torch.Tensor.mul), [typeof(Scalar)])!
        .MethodImplementationFlags.HasFlag(MethodImplAttributes.NoOptimization | MethodImplAttributes.NoInlining);

    /// <summary>Asks.</summary>
    /// <param name="options">How much; <see cref="TorchCheckOptions.Full"/> by default.</param>
    /// <param name="progress">Receives the name of the operation that is checked next.</param>
    /// <param name="cancellation">Stops before the next operation.</param>
    /// <exception cref="ArgumentException">An operation is named that there is not.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TorchCheckReport Run(
        TorchCheckOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        options ??= TorchCheckOptions.Full;
        foreach (var name in options.Operations.Append(options.SpoiltValue).Append(options.SpoiltGradient))
        {
            if (name is not null && !Operations.Contains(name))
            {
                throw new ArgumentException(
                    $"TorchCheck: expected one of its operations, such as mm or nn.functional.conv2d, got '{name}'.");
            }
        }

        var before = torch.get_num_threads();
        try
        {
            return Ask(options with { OwnThreads = before }, progress, cancellation);
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    private static TorchCheckReport Ask(
        TorchCheckOptions options, IProgress<string>? progress, CancellationToken cancellation)
    {
        var (names, checks, wrong) = (new HashSet<string>(), 0, new List<WrongOperation>());
        foreach (var operation in Doctor.Operations.All)
        {
            if (options.Operations.Count > 0 && !options.Operations.Contains(operation.Name))
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            progress?.Report(operation.Title);
            var tally = operation.Check(options);
            names.Add(operation.Name);
            checks += tally.Checks;
            if (tally.Wrong.Any())
            {
                wrong.Add(Wrong(operation, tally));
            }
        }

        return new(names.Count, checks, wrong, KeepsArgumentsAlive);
    }

    private static WrongOperation Wrong(Operation operation, Tally tally)
    {
        var found = tally.Wrong.ToList();
        var isValueWrong = found.Exists(one => !one.What.StartsWith("gradient", StringComparison.Ordinal));
        return new(
            operation.Title,
            string.Join(", ", found.Select(one => one.What)),
            found.Sum(one => one.Wrong),
            tally.Checks,
            found[0].Example,
            Consequence.Of(operation, isValueWrong));
    }
}
