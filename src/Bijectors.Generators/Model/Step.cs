namespace Bijectors.Generators.Model;

/// <summary>One step of the forward map. Parts are numbered; every part is made by one step (or is the input) and consumed by at most one.</summary>
internal abstract record Step;

/// <summary>Maps one part through a primitive: <c>Output = primitive(Input, Operands)</c>.</summary>
internal sealed record MapStep(string Primitive, int Input, int Output, EquatableArray<int> Operands) : Step;

/// <summary>Moves elements: <c>(Outputs) = Receiver.Method(Inputs, Arguments)</c>, undone by <c>(Inputs) = Receiver.Inverse(Outputs, InverseArguments)</c>.</summary>
internal sealed record MoveStep(
    int Receiver,
    string Method,
    string Inverse,
    EquatableArray<int> Inputs,
    EquatableArray<int> Outputs,
    EquatableArray<int> Arguments,
    EquatableArray<int> InverseArguments,
    bool ChangesRank) : Step;

/// <summary>Applies another bijector, or its inverse, to one part.</summary>
internal sealed record ApplyStep(int Bijector, int Input, int Output, int? Context, bool Inverse) : Step;
