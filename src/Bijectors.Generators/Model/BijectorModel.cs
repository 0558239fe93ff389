namespace Bijectors.Generators.Model;

/// <summary>
/// All that the emitter needs to know of one class. Holds strings and numbers only: no symbols, no syntax.
/// </summary>
/// <param name="HintName">The name of the emitted file.</param>
/// <param name="Types">The declarations of the containing types and of the class itself, outermost first.</param>
/// <param name="CoreAccess">The accessibility an override of the four maps needs in this assembly.</param>
/// <param name="Usings">The extern aliases and using directives at the top of the file that holds the
/// forward map.</param>
/// <param name="Namespaces">The namespaces around the class, outermost first; none is the global one.</param>
/// <param name="Map">The forward map; null where it was refused.</param>
/// <param name="Undeclared">The abstract members that a refused class still lacks.</param>
internal sealed record BijectorModel(
    string HintName,
    EquatableArray<string> Types,
    string CoreAccess,
    EquatableArray<string> Usings,
    EquatableArray<NamespaceModel> Namespaces,
    MapModel? Map,
    EquatableArray<string> Undeclared);

/// <summary>
/// A namespace declaration and the directives in it, which are read outside of what those of an inner
/// declaration import.
/// </summary>
internal sealed record NamespaceModel(string Name, EquatableArray<string> Usings);

/// <summary>A forward map that can be inverted, with what is derived of it besides.</summary>
internal sealed record MapModel(ForwardModel Forward, Facts Facts);

/// <summary>The forward map as steps over numbered parts.</summary>
/// <param name="PartNames">What the person called each part.</param>
/// <param name="Values">The known values.</param>
/// <param name="ValueNames">What the person called each value, "" for those without a name.</param>
/// <param name="ValueHomes">The block in which each value is computed first.</param>
/// <param name="BlockEnds">The last block inside each block; block 0 is the body.</param>
/// <param name="Steps">The steps in order.</param>
/// <param name="Input">The part that goes in.</param>
/// <param name="Output">The part that comes out.</param>
/// <param name="Reserved">Names that emitted variables must not take.</param>
/// <param name="Torch">What TorchSharp's torch is called in the class.</param>
/// <param name="ShortNames">The types that emitted code may name by their last names.</param>
internal sealed record ForwardModel(
    EquatableArray<string> PartNames,
    EquatableArray<Value> Values,
    EquatableArray<string> ValueNames,
    EquatableArray<int> ValueHomes,
    EquatableArray<int> BlockEnds,
    EquatableArray<Step> Steps,
    int Input,
    int Output,
    EquatableArray<string> Reserved,
    string Torch,
    EquatableArray<string> ShortNames)
{
    /// <summary>Whether the class states its domain by an override.</summary>
    public bool StatesDomain { get; init; }

    /// <summary>Whether a value is computed before a block starts, and used in it.</summary>
    public bool IsFromOutside(int value, int block) =>
        ValueHomes[value] < block && block <= BlockEnds[ValueHomes[value]];
}

/// <summary>
/// What is derived besides the maps; empty where the class declares the member itself or nothing is to be emitted. A
/// getter of one line is an expression, one of several lines a body.
/// </summary>
internal sealed record Facts(
    EquatableArray<string> OutputEventRank,
    EquatableArray<string> Domain,
    EquatableArray<string> Codomain,
    EquatableArray<string> IsVolumePreserving,
    EquatableArray<string> HasConstantJacobian,
    EquatableArray<string> IsIterative,
    EquatableArray<string> HasRandomLogDet,
    EquatableArray<string> LogDetNoise,
    EquatableArray<string> ReadsContext,
    bool EmitOutputShape,
    bool EmitInputShape,
    bool EmitEventRank);
