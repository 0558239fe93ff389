namespace Bijectors.Generators.Analyse;

/// <summary>How a value depends on a part.</summary>
internal enum Dependence
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Entry i on the entries before i.</summary>
    Causal,

    /// <summary>Entry i on entry i.</summary>
    Elementwise,

    /// <summary>Every entry on every entry, as far as can be seen.</summary>
    Mixed,
}

/// <summary>
/// How a value depends on a part; where that is causal, in which order, and how many dimensions it has behind those of
/// the part.
/// </summary>
internal readonly record struct Dependency(Dependence Kind, EquatableArray<int> Axes = default, int Trailing = 0);

/// <summary>Finds out whether what a part is conditioned on looks at earlier entries of the part only.</summary>
internal static class Conditioning
{
    /// <summary>How a value depends on a part.</summary>
    public static Dependency Of(ValueTable values, int index, int part) => new Search(values, part).Of(index);

    private sealed class Search(ValueTable values, int part)
    {
        private readonly Dictionary<int, Dependency> _known = [];

        public Dependency Of(int index)
        {
            if (!_known.TryGetValue(index, out var dependence))
            {
                _known[index] = dependence = Find(index);
            }

            return dependence;
        }

        private Dependency Find(int index)
        {
            switch (values[index])
            {
                case PartRead read:
                    return new(
                        read.Part != part ? Dependence.None
                        : read.IsShapeOnly ? Dependence.Mixed : Dependence.Elementwise);
                case Item item:
                    // A tuple of causal tensors; of anything else nothing is known.
                    return Of(item.Tuple) is var tuple && tuple.Kind is Dependence.None or Dependence.Causal ? tuple
                        : new(Dependence.Mixed);
                case Call { Promise: CausalPromise promise } call:
                    return OfCausal(promise, [.. call.Operands.Select(Of)]);
                case Call call:
                    var operands = call.Operands.Select(Of).Where(d => d.Kind != Dependence.None).Distinct().ToList();
                    return operands.Count == 0 ? new(Dependence.None)
                        : operands.Count == 1
                            && (call.Promise is ElementwisePromise || KnownFunctions.IsElementwise(call.Function))
                        ? operands[0]
                        : new(Dependence.Mixed);
                default:
                    return new(Dependence.None);
            }
        }

        private static Dependency OfCausal(CausalPromise promise, IReadOnlyList<Dependency> operands)
        {
            var others = operands.Where((_, i) => i != promise.Argument).All(d => d.Kind == Dependence.None);
            var first = promise.Argument >= 0 ? operands[promise.Argument] : new(Dependence.None);
            return first.Kind == Dependence.None && others ? new(Dependence.None)
                : others && (first.Kind == Dependence.Elementwise
                    || first == new Dependency(Dependence.Causal, promise.Axes))
                    ? new(Dependence.Causal, promise.Axes, promise.Trailing)
                : new(Dependence.Mixed);
        }
    }
}
