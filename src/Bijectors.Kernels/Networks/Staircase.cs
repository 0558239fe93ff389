using System.Collections.Concurrent;

namespace Bijectors.Kernels;

/// <summary>
/// Which weights of a masked layer are not masked. In the order of the staircase each unit depends on a prefix of the
/// inputs, and every later unit on at least as long a prefix: products with such a matrix are computed below the stairs
/// only.
/// </summary>
/// <param name="units">The unit at each place; null where place and number agree.</param>
/// <param name="inputs">The input at each place; null where place and number agree.</param>
/// <param name="inputCount">The number of inputs.</param>
/// <param name="steps">How many inputs the unit at each place depends on; non-decreasing.</param>
/// <param name="always">How many of the last inputs all units depend on as well.</param>
internal sealed class Staircase(int[]? units, int[]? inputs, int inputCount, int[] steps, int always = 0)
{
    private readonly int[] _inputs = inputs ?? [.. Enumerable.Range(0, inputCount)];

    // By width: every pass asks, and the answers are always the same.
    private readonly ConcurrentDictionary<int, int[]> _inputsOfPanels = new();
    private readonly ConcurrentDictionary<int, int[]> _unitsOfPanels = new();

    /// <summary>How many weights are not masked.</summary>
    public long Count { get; } = steps.Sum(step => (long)step + Math.Min(always, inputCount - step));

    /// <summary>Whether the inputs are in their own order.</summary>
    public bool InputsAreInOrder => inputs is null;

    /// <summary>The input at each place.</summary>
    public ReadOnlySpan<int> Inputs => _inputs;

    /// <summary>Whether place and number of the units agree.</summary>
    public bool UnitsAreInOrder => units is null;

    /// <summary>The unit at a place.</summary>
    public int Unit(int place) => units is null ? place : units[place];

    /// <summary>
    /// The places of the inputs that the unit at a place depends on: those before <c>Step</c>, and those from
    /// <c>Always</c> on.
    /// </summary>
    public (int Step, int Always) InputsOf(int place) => (steps[place], Math.Max(steps[place], inputCount - always));

    /// <summary>For each panel of units, how many inputs its units need.</summary>
    public int[] InputsOfPanels(int width) =>
        _inputsOfPanels.GetOrAdd(
            width, width => OfPanels(steps.Length, width, (_, end) => always > 0 ? inputCount : steps[end - 1]));

    /// <summary>For each panel of inputs, the first place of a unit that depends on one of them.</summary>
    public int[] UnitsOfPanels(int width) =>
        _unitsOfPanels.GetOrAdd(
            width, width => OfPanels(inputCount, width, (first, end) => end > inputCount - always ? 0 : First(first)));

    private static int[] OfPanels(int count, int width, Func<int, int, int> ofPanel) =>
        [.. Enumerable.Range(0, (count + width - 1) / width)
            .Select(panel => ofPanel(panel * width, Math.Min(count, (panel + 1) * width)))];

    // The first unit that depends on the input at a place.
    private int First(int place)
    {
        var (low, high) = (0, steps.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = steps[middle] > place ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
