using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Mutate;

/// <summary>A mistake that can be made in any program.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Expected">The diagnostic that must be reported; the first where the mistake is fairly called by either
/// of two names.</param>
/// <param name="Needs">The forms that must be in the language.</param>
/// <param name="Make">The program with the mistake in it, or null where this program has no room for it.</param>
internal sealed record Mutation(
    string Name, IReadOnlyList<string> Expected, Features Needs, Func<DrawnProgram, Chance, DrawnProgram?> Make);

/// <summary>A program with one mistake.</summary>
internal sealed record Mutant(DrawnProgram Program, Mutation Mutation);
