namespace Bijectors.CodeFixes;

/// <summary>A diagnostic that a fix is asked about.</summary>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Node">The node that has it.</param>
/// <param name="Model">The meaning of the file.</param>
/// <param name="Token">Cancels the search for a fix.</param>
internal readonly record struct Finding(
    Diagnostic Diagnostic, SyntaxNode Node, SemanticModel Model, CancellationToken Token);
