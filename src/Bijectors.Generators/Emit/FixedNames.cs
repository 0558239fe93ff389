namespace Bijectors.Generators.Emit;

/// <summary>
/// The names of emitted parameters and variables that are the same in every bijector, unless the body uses such a name
/// for a member of its own: hiding a field <c>y</c> behind the parameter y would silently change what the body means.
/// </summary>
internal sealed class FixedNames(ForwardModel? model)
{
    public string Torch => model?.Torch ?? "torch";

    public string X => Free("x");

    public string Y => Free("y");

    public string Context => Free("context");

    public string EventRank => Free("eventRank");

    public string BatchRank => Free("batchRank");

    public string LogDet => Free("logDet");

    public string Scope => Free("scope");

    public string Input => Free("input");

    public string Output => Free("output");

    /// <summary>The name itself, or with underscores behind it where the body uses it.</summary>
    public string Free(string name)
    {
        while (model is not null && model.Reserved.Contains(name))
        {
            name += "_";
        }

        return name;
    }
}
