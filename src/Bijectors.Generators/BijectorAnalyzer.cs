using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Bijectors.Generators;

/// <summary>
/// Explains, on the exact expression, why a [GeneratedBijector] cannot be derived. The same compiler as the
/// generator's, run for its diagnostics: an analyzer's have real locations, so that <c>#pragma</c> and
/// <c>.editorconfig</c> work.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BijectorAnalyzer() : RuleAnalyzer([.. Rules.All])
{
    private protected override void Register(AnalysisContext context) =>
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.ClassDeclaration);

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var declaration = (ClassDeclarationSyntax)context.Node;
        if (declaration.AttributeLists.Count == 0
            || context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not { } type
            || !ClassParser.IsMarkedFirst(type, declaration))
        {
            return;
        }

        // A class without a generated half never gets here: the generator reports it. Emitting shows whether
        // the emitter fails.
        InternalError.Guard(
            () =>
            {
                if (ClassParser.CheckDeclaration(type, declaration) is null)
                {
                    ClassEmitter.Emit(Compiler.Compile(type, declaration, new(context.Compilation),
                        context.ReportDiagnostic, context.CancellationToken));
                }
            },
            type.Name, declaration.Identifier.GetLocation(), context.ReportDiagnostic);
    }
}
