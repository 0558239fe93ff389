using Bijectors.Generators.Model;

namespace Bijectors.Generators.Invert;

/// <summary>One instruction of a straight-line program in one direction. Parts are made by exactly one instruction.</summary>
internal abstract record Instruction;

/// <summary><c>Result = Template</c>, with the holes of <see cref="Language.Primitive"/>; <see cref="Slope"/> is its contribution to the log-det.</summary>
internal sealed record Compute(string Template, int X, int Y, bool MakesY, IReadOnlyList<int> Operands, string? Slope, bool SlopeIsSubtracted) : Instruction;

/// <summary><c>(Outputs) = Receiver.Method(Inputs, Arguments)</c>.</summary>
internal sealed record Move(
    int Receiver, string Method, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, IReadOnlyList<int> Arguments, bool ChangesRank) : Instruction;

/// <summary><c>Output = Bijector(Input)</c> or its inverse, with its own log-det.</summary>
internal sealed record Run(int Bijector, int Input, int Output, int? Context, bool Inverse) : Instruction;
