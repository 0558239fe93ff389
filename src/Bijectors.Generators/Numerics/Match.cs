using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Numerics;

/// <summary>What the variables of a formula stand for.</summary>
internal sealed class Match
{
    private Dictionary<string, IOperation> _bound = [];

    /// <summary>A call inside the poor form: the better one is spelled the same way.</summary>
    public IInvocationOperation? Example { get; set; }

    /// <summary>What the variables stand for.</summary>
    public IReadOnlyDictionary<string, IOperation> Bound => _bound;

    /// <summary>
    /// Lets a variable stand for an operation. One that stands for something already must mean the same value again.
    /// </summary>
    public bool Bind(string variable, IOperation op)
    {
        if (_bound.TryGetValue(variable, out var known))
        {
            return Text.Of(known.Syntax) == Text.Of(op.Syntax) && IsRepeatable(op);
        }

        _bound[variable] = op;
        return true;
    }

    public (Dictionary<string, IOperation>, IInvocationOperation?) Copy() => (new(_bound), Example);

    public void Restore((Dictionary<string, IOperation> Bound, IInvocationOperation? Example) copy) =>
        (_bound, Example) = (new(copy.Bound), copy.Example);

    /// <summary>Whether an expression has the same value when it is written twice.</summary>
    private static bool IsRepeatable(IOperation op) => op.DescendantsAndSelf().All(o => o switch
    {
        IInvocationOperation call => KnownFunctions.NameOf(call.TargetMethod) is { } name
            && !KnownFunctions.IsRandom(name) && !name.EndsWith("_", StringComparison.Ordinal),
        IAssignmentOperation or IIncrementOrDecrementOperation
            or IObjectCreationOperation or IDynamicInvocationOperation => false,
        _ => true,
    });
}
