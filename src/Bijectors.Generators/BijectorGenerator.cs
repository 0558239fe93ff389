using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators;

/// <summary>
/// Writes the inverse and the log-det of every [GeneratedBijector]. Stages: Parse (C# to steps over parts), Analyse
/// (signs, intervals, facts), Invert (steps to a program in either direction), Emit. Errors are reported by
/// <see cref="BijectorAnalyzer"/>.
/// </summary>
[Generator]
public sealed class BijectorGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose outputs are new where a class is read.</summary>
    public const string ReadStep = "Read";

    /// <summary>The name of the step whose outputs tests compare.</summary>
    public const string ModelStep = "Model";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(
            ClassParser.Attribute,
            static (node, _) => node is ClassDeclarationSyntax,
            static (c, token) => Read(c, token)).WithTrackingName(ReadStep)
            .Select(static (reading, _) => (reading.Model, reading.Objection)).WithTrackingName(ModelStep);

        context.RegisterSourceOutput(classes, static (c, result) =>
        {
            if (result.Model is { } model)
            {
                c.AddSource(model.HintName, Emit(model));
            }
            else if (result.Objection is { } objection)
            {
                c.ReportDiagnostic(objection.Report());
            }
        });
    }

    private static Reading Read(GeneratorAttributeSyntaxContext context, CancellationToken token)
    {
        var (type, declaration) = ((INamedTypeSymbol)context.TargetSymbol, (ClassDeclarationSyntax)context.TargetNode);
        return Reading.Of(declaration, context.SemanticModel.Compilation, s => Read(type, declaration, s, token),
            token);
    }

    private static (BijectorModel? Model, Objection? Objection) Read(
        INamedTypeSymbol type, ClassDeclarationSyntax declaration, Sources sources, CancellationToken token)
    {
        try
        {
            // Marked in two of its files, which C# objects to, it would be emitted twice under one name, which Roslyn
            // does for no class then.
            if (!ClassParser.IsMarkedFirst(type, declaration))
            {
                return default;
            }

            return ClassParser.CheckDeclaration(type, declaration) is { } objection ? (null, objection)
                : (Compiler.Compile(type, declaration, sources, static _ => { }, token), null);
        }
        catch (Exception e) when (InternalError.Is(e))
        {
            return (null, Objection.To(Rules.Internal, type.Name, InternalError.Describe(e), declaration.Identifier));
        }
    }

    /// <summary>
    /// The generated half; where the emitter fails, which the analyzer reports, the half of a refused class.
    /// </summary>
    private static string Emit(BijectorModel model)
    {
        try
        {
            return ClassEmitter.Emit(model);
        }
        catch (Exception e) when (InternalError.Is(e))
        {
            return ClassEmitter.Emit(model with { Map = null });
        }
    }
}
