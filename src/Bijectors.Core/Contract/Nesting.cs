using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// How deep bijectors may be nested, and how many after each other: what walks through them calls itself at each level,
/// and a stack that overflows ends the process without a word.
/// </summary>
public static class Nesting
{
    /// <summary>The deepest nesting of combinators.</summary>
    internal const int Deepest = 256;

    /// <summary>The longest chain.</summary>
    internal const int Longest = 10_000;

    /// <summary>The longest chain that <c>>></c> makes: each one copies the layers of the last.</summary>
    internal const int LongestByOperator = 1_000;

    /// <summary>
    /// Stops where a bijector stands around others that are too deep; the constructor of a composite calls it.
    /// </summary>
    /// <param name="whose">The composite, for the message.</param>
    /// <param name="inner">The bijectors inside it.</param>
    /// <exception cref="LimitException">They are.</exception>
    public static void CheckAround(string whose, params ReadOnlySpan<Bijector> inner)
    {
        foreach (var f in inner)
        {
            CheckDepth(whose, f.Depth + 1);
        }
    }

    /// <summary>The depth of a bijector: 1 more than that of the deepest among its modules.</summary>
    /// <exception cref="LimitException">The stack of this thread is nearly used up.</exception>
    internal static int Depth(Bijector f)
    {
        CheckStack(f);
        return 1 + Inside(f);

        static int Inside(nn.Module module)
        {
            var deepest = 0;
            foreach (var child in module.children())
            {
                deepest = Math.Max(deepest, child is Bijector inner ? inner.Depth : Inside(child));
            }

            return deepest;
        }
    }

    /// <summary>Stops at a depth that is too large.</summary>
    internal static int CheckDepth(string whose, int depth) => depth <= Deepest
        ? depth
        : throw new LimitException(
            $"{whose}: expected bijectors at most {Deepest} deep inside each other, got {depth}; "
            + "put them one after another.");

    /// <summary>
    /// Stops at a chain of layers, or a network of blocks, that is too long; its constructor calls it before it makes
    /// them.
    /// </summary>
    /// <param name="whose">The chain or the network, for the message.</param>
    /// <param name="layers">How many layers or blocks it has.</param>
    /// <exception cref="LimitException">More than 10,000.</exception>
    public static void CheckLength(string whose, int layers)
    {
        if (layers > Longest)
        {
            throw new LimitException(
                $"{whose}: expected at most {Longest} layers one after another, got {layers}; use fewer.");
        }
    }

    /// <summary>The number of layers that a bijector is.</summary>
    internal static int Length(Bijector f) =>
        f.IsSequence ? f.Stages.Count : Structure.InverseOf(f) is { IsSequence: true } inner ? inner.Stages.Count : 1;

    /// <summary>Stops before bijectors of one's own, whose depth is unknown, overflow the stack.</summary>
    /// <exception cref="LimitException">The stack of this thread is nearly used up.</exception>
    internal static void CheckStack(Bijector f)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new LimitException(
                $"{f.GetType().Name}: expected bijectors that nest less deeply than the stack of this thread allows, "
                + "got deeper ones; put them one after another, or run them on a thread with a larger stack.");
        }
    }
}
