namespace Bijectors.CodeFixes;

/// <summary>One choice of a fix.</summary>
/// <param name="Title">What the editor calls it.</param>
/// <param name="Replaced">The node that goes.</param>
/// <param name="Replacement">The node that takes its place.</param>
internal readonly record struct Edit(string Title, SyntaxNode Replaced, SyntaxNode Replacement);
