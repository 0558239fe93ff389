using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;

namespace Bijectors.CodeFixes;

/// <summary>A fix that replaces nodes of the file that has the diagnostic.</summary>
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
        var (document, token) = (context.Document, context.CancellationToken);
        if (await document.GetSyntaxRootAsync(token).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(token).ConfigureAwait(false) is not { } model)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(context.Span, getInnermostNodeForTie: true);
            foreach (var (title, replaced, replacement) in Edits(new(diagnostic, node, model, token)))
            {
                var changed = root.ReplaceNode(replaced, replacement.WithAdditionalAnnotations(Formatter.Annotation));
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title, _ => Task.FromResult(document.WithSyntaxRoot(changed)), $"{_id}: {title}"),
                    diagnostic);
            }
        }
    }

    /// <summary>
    /// What can be done about a diagnostic at a node: the choices, none where nothing can.
    /// </summary>
    private protected abstract IReadOnlyList<Edit> Edits(Finding at);
}
