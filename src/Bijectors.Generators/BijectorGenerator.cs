using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators;

/// <summary>
/// Writes the inverse and the log-det of every [GeneratedBijector]. Stages: Parse (C# to steps over parts), Analyse (signs, intervals,
/// facts), Invert (steps to a program in either direction), Emit. Errors are reported by <see cref="BijectorAnalyzer"/>.
/// </summary>
[Generator]
public sealed class BijectorGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose outputs tests compare.</summary>
    public const string ModelStep = "Model";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(
            BijectorParser.Attribute,
            static (node, _) => node is ClassDeclarationSyntax,
            static (c, token) =>
            {
                var (type, declaration) = ((INamedTypeSymbol)c.TargetSymbol, (ClassDeclarationSyntax)c.TargetNode);
                var misdeclared = BijectorParser.CheckDeclaration(type, declaration);
                var model = misdeclared is null
                    ? BijectorParser.Parse(type, declaration, c.SemanticModel.Compilation, static _ => { }, token)
                    : null;
                return (Model: model, Misdeclared: misdeclared);
            }).WithTrackingName(ModelStep);

        context.RegisterSourceOutput(classes, static (c, result) =>
        {
            if (result.Model is { } model)
            {
                c.AddSource(model.HintName, ClassEmitter.Emit(model));
            }
            else if (result.Misdeclared is { } wrong)
            {
                c.ReportDiagnostic(Diagnostic.Create(Rules.NotSealedPartial, wrong.Location, wrong.Name, wrong.Missing));
            }
        });
    }
}
