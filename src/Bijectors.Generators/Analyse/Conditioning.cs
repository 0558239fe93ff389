using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Bijectors.Generators.Parse;

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

/// <summary>Finds out whether what a part is conditioned on looks at earlier entries of the part only.</summary>
internal static class Conditioning
{
    /// <summary>How a value depends on a part, and along which axis where that is causal.</summary>
    public static (Dependence Kind, int Axis) Of(ValueTable values, int index, int part) => new Search(values, part).Of(index);

    private sealed class Search(ValueTable values, int part)
    {
        private readonly Dictionary<int, (Dependence Kind, int Axis)> _known = [];

        public (Dependence Kind, int Axis) Of(int index)
        {
            if (!_known.TryGetValue(index, out var dependence))
            {
                _known[index] = dependence = Find(index);
            }

            return dependence;
        }

        private (Dependence Kind, int Axis) Find(int index)
        {
            switch (values[index])
            {
                case PartRead read:
                    return (read.Part == part ? Dependence.Elementwise : Dependence.None, -1);
                case Item item:
                    // A tuple of causal tensors; of anything else nothing is known.
                    return Of(item.Tuple) is var tuple && tuple.Kind is Dependence.None or Dependence.Causal ? tuple : (Dependence.Mixed, -1);
                case Call { Promise: CausalPromise promise } call:
                    return OfCausal(promise, [.. call.Operands.Select(Of)]);
                case Call call:
                    var operands = call.Operands.Select(Of).Where(d => d.Kind != Dependence.None).Distinct().ToList();
                    return operands.Count == 0 ? (Dependence.None, -1)
                        : operands.Count == 1 && (call.Promise is ElementwisePromise || KnownFunctions.IsElementwise(call.Function)) ? operands[0]
                        : (Dependence.Mixed, -1);
                default:
                    return (Dependence.None, -1);
            }
        }

        private static (Dependence Kind, int Axis) OfCausal(CausalPromise promise, IReadOnlyList<(Dependence Kind, int Axis)> operands)
        {
            var others = operands.Where((_, i) => i != promise.Argument).All(d => d.Kind == Dependence.None);
            var first = promise.Argument >= 0 ? operands[promise.Argument] : (Dependence.None, -1);
            return first.Item1 == Dependence.None && others ? (Dependence.None, -1)
                : others && (first.Item1 == Dependence.Elementwise || first == (Dependence.Causal, promise.Axis)) ? (Dependence.Causal, promise.Axis)
                : (Dependence.Mixed, -1);
        }
    }
}
