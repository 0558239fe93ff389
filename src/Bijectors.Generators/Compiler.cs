using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Bijectors.Generators.Purity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators;

/// <summary>From a marked class to its model, stage by stage. Both hosts, generator and analyzer, run it.</summary>
internal static class Compiler
{
    /// <summary>
    /// The model of a class that <see cref="ClassParser.CheckDeclaration"/> has let pass; without a map after errors
    /// have been reported.
    /// </summary>
    public static BijectorModel Compile(
        INamedTypeSymbol type, ClassDeclarationSyntax declaration, Sources sources, Action<Diagnostic> report,
            CancellationToken token)
    {
        MethodDeclarationSyntax? syntax = null;
        MapModel? map = null;
        InternalError.Guard(
            () =>
            {
                var twice = ClassParser.Maps.SelectMany(m => ClassParser.Declared(type, m))
                    .Concat(ClassParser.InTheWay(type)).ToList();
                twice.ForEach(m => report(Diagnostic.Create(Rules.DeclaredTwice, m.Locations[0], m.Name)));
                var method = ClassParser.Forward(type, declaration, report);
                syntax = method?.DeclaringSyntaxReferences[0].GetSyntax(token) as MethodDeclarationSyntax;
                map = twice.Count == 0 && syntax is not null && ClassParser.CanRead(declaration, report)
                    ? Map(type, method!, syntax, sources, report, token) : null;
            },
            type.Name, declaration.Identifier.GetLocation(), report);
        SyntaxNode place = syntax is null ? declaration : syntax;
        return new BijectorModel(
            HintNames.Of(type), new(ClassParser.Types(type)),
                ClassParser.SeesInternals(type, ClassParser.Base(type)!.ContainingAssembly) ? "protected internal"
                : "protected",
            new(ClassParser.Directives(place.SyntaxTree.GetCompilationUnitRoot(token))),
                new(ClassParser.Namespaces(place)), map,
            new(ClassParser.Maps.Prepend("EventRank").Where(m => !ClassParser.Declared(type, m).Any())));
    }

    private static MapModel? Map(
        INamedTypeSymbol type, IMethodSymbol method, MethodDeclarationSyntax syntax, Sources sources,
            Action<Diagnostic> report, CancellationToken token)
    {
        if (!ClassParser.HasSignature(method, syntax)
            || sources.Operation(syntax, token) is not IMethodBodyOperation body)
        {
            report(Diagnostic.Create(Rules.BadSignature, syntax.Identifier.GetLocation(), method.Name));
            return null;
        }

        // The C# compiler reports its own errors; guessing behind them would only repeat them.
        return !body.DescendantsAndSelf().Any(o => o is IInvalidOperation)
            && ForwardParser.Parse(method, body, ClassParser.AsksForIteration(type), report) is var (forward, values)
            && Facts(type, syntax, forward, values, report) is { } facts
            && IsSame(type, method, body, sources, report, token)
            ? new(forward, facts)
            : null;
    }

    /// <summary>
    /// Whether nothing is seen that would make the map of a point another one in the other direction, or in another
    /// batch.
    /// </summary>
    private static bool IsSame(
        INamedTypeSymbol type, IMethodSymbol method, IMethodBodyOperation body, Sources sources,
        Action<Diagnostic> report, CancellationToken token)
    {
        var core = ClassParser.Base(type)!.ContainingAssembly;
        return PurityCheck.Run(body, core, sources, report, token)
            && BatchCheck.Run(method, body, core, sources, report, token);
    }

    private static Facts? Facts(INamedTypeSymbol type, MethodDeclarationSyntax syntax, ForwardModel forward,
        ValueTable values, Action<Diagnostic> report)
    {
        bool Declares(string member) => ClassParser.Declared(type, member).Any();

        var domains = Domains.Of(forward);
        var statesDomain = Declares("Domain");
        if (domains.Violation is var (name, domain, gets) && !statesDomain)
        {
            report(Diagnostic.Create(
                Rules.OutsideDomain, syntax.Identifier.GetLocation(), name, Show(domain), gets is { } g ? Show(g)
                    : "a range that depends on values that are not literals",
                "bring them there first, or override Domain to state where the whole map is defined"));
            return null;
        }

        // What a stated domain is mapped onto is for the person to state as well.
        var codomain = statesDomain && !Declares("Codomain") ? null : domains.Codomain;
        var named = statesDomain || codomain is not null || forward.Steps.Flatten().Any(s => s is ApplyStep) ? null
            : domains.NamedCodomain;
        if (codomain is null && named is null && !Declares("Codomain"))
        {
            report(Diagnostic.Create(Rules.UnknownCodomain, syntax.Identifier.GetLocation(), type.Name));
            return null;
        }

        var none = new EquatableArray<string>(Enumerable.Empty<string>());
        var getters = new Getters(forward);
        var isScalar = !Declares("EventRank") && forward.Steps.WithInner().All(s => Places.IsScalar(s, values));
        var hasShapeRule = forward.Steps.Flatten().Any(s => s is not ElementwiseStep)
            || forward.Values.Any(v => v is Call { Conditioner: not null })
            || Places.Origins(forward.Steps) is null
                || (forward.Values.Any(v => v is Leaf { IsField: true, Kind: ValueKind.Tensor }) && !isScalar)
            || forward.Steps.WithInner().Any(s => s is MaskedStep) || forward.Steps.Flatten()
                .Any(s => s is MixStep or JointStep { Map: { MatrixAxis: not null } or { Weights: not null } });
        var volume = Declares("IsVolumePreserving") ? none : getters.VolumePreserving();
        return new(
            Declares("OutputEventRank") ? none : getters.OutputEventRank(),
            statesDomain ? none : getters.Domain(domains.Domain, codomain: false),
            Declares("Codomain") ? none : named is not null ? Getters.Interval(named)
                : Getters.SurfaceOf(forward) ?? getters.Domain(codomain!.Value, codomain: true),
            volume,
            Declares("HasConstantJacobian") || (volume.Count == 1 && volume[0] == "true") ? none
                : getters.ConstantJacobian(values),
            Declares("IsIterative") ? none : getters.Iterative(),
            Declares("HasRandomLogDet") ? none : getters.RandomLogDet(),
            Declares("LogDetNoise") ? none : getters.LogDetNoise(),
            Declares("ReadsContext") ? none : getters.ReadsContext(),
            EmitOutputShape: !Declares("OutputShapeCore") && hasShapeRule,
            EmitInputShape: !Declares("InputShapeCore") && hasShapeRule,
            EmitEventRank: isScalar);
    }

    private static string Show(Bounds bounds) =>
        bounds == Bounds.Real ? "the real numbers" : FormattableString.Invariant($"({bounds.Low}, {bounds.High})");
}
