using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Formatting;

namespace Bijectors.CodeFixes;

/// <summary>A fix that replaces nodes of the file in which the diagnostic stands.</summary>
public abstract class SyntaxFix : CodeFixProvider
{
    private readonly string _id;

    private protected SyntaxFix(string id)
    {
        _id = id;
        FixableDiagnosticIds = [id];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(context.Span, getInnermostNodeForTie: true);
            foreach (var (title, replaced, replacement) in await EditsAsync(
                context.Document, diagnostic, node, context.CancellationToken).ConfigureAwait(false))
            {
                var changed = root.ReplaceNode(replaced, replacement.WithAdditionalAnnotations(Formatter.Annotation));
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), $"{_id}: {title}"),
                    diagnostic);
            }
        }
    }

    /// <summary>
    /// What can be done about a diagnostic at a node: the choices, each with the node that goes and the one that comes.
    /// </summary>
    private protected abstract Task<IReadOnlyList<(string Title, SyntaxNode Replaced,
        SyntaxNode Replacement)>> EditsAsync(
            Document document, Diagnostic diagnostic, SyntaxNode node, CancellationToken token);
}
