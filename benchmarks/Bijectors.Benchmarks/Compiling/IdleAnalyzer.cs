using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Bijectors.Benchmarks.Compiling;

// No compiler loads it, only this program.
#pragma warning disable RS1036, RS1041

/// <summary>
/// Asks for everything and looks at nothing. The analyzers of the SDK ask for all symbols and method bodies in any
/// project, so what it takes to hand them over is not a cost of ours.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class IdleAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [new("IDLE", "Never reported", "Never reported", "Benchmark", DiagnosticSeverity.Warning,
            isEnabledByDefault: true)];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(_ => { }, SymbolKind.NamedType);
        context.RegisterOperationBlockAction(_ => { });
    }
}
