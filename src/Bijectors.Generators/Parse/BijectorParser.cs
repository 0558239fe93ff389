using System.Globalization;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Emit;
using Bijectors.Generators.Incremental;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Bijectors.Generators.Purity;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>From a marked class to its model: the only stage that sees Roslyn. Both hosts, generator and analyzer, run it.</summary>
internal static class BijectorParser
{
    public const string Attribute = "Bijectors.GeneratedBijectorAttribute";

    private const string ForwardAttribute = "Bijectors.ForwardAttribute";
    private const string Bijector = "Bijectors.Bijector";

    private static readonly string[] Maps = ["ForwardCore", "InverseCore", "ForwardWithLogDetCore", "InverseWithLogDetCore"];

    /// <summary>Whether it is at this declaration that a class is marked, or first marked.</summary>
    public static bool IsMarkedFirst(INamedTypeSymbol type, ClassDeclarationSyntax declaration) =>
        type.GetAttributes().FirstOrDefault(a => a.AttributeClass.IsNamed(Attribute))?.ApplicationSyntaxReference is { } mark
        && mark.SyntaxTree == declaration.SyntaxTree && declaration.Span.Contains(mark.Span);

    /// <summary>What keeps a class from taking a generated half, or null where nothing does.</summary>
    public static Objection? CheckDeclaration(INamedTypeSymbol type, ClassDeclarationSyntax declaration)
    {
        var missing = new List<string>();
        if (!type.IsSealed)
        {
            missing.Add("sealed");
        }

        if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            missing.Add("partial");
        }

        if (declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Any(t => t.Modifiers.Any(SyntaxKind.FileKeyword)))
        {
            missing.Add("visible outside its file");
        }

        if (Base(type) is null)
        {
            missing.Add("derived from Bijector");
        }

        if (declaration.Ancestors().OfType<TypeDeclarationSyntax>().Any(t => !t.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            missing.Add("inside partial types only");
        }

        return missing.Count == 0 ? null
            : Objection.To(Rules.NotSealedPartial, type.Name, string.Join(" and ", missing), declaration.Identifier);
    }

    /// <summary>The model of a class that <see cref="CheckDeclaration"/> has let pass; without a map after errors have been reported.</summary>
    public static BijectorModel Parse(
        INamedTypeSymbol type, ClassDeclarationSyntax declaration, Sources sources, Action<Diagnostic> report, CancellationToken token)
    {
        MethodDeclarationSyntax? syntax = null;
        MapModel? map = null;
        InternalError.Guard(
            () =>
            {
                var twice = Maps.SelectMany(m => Declared(type, m)).ToList();
                twice.ForEach(m => report(Diagnostic.Create(Rules.DeclaredTwice, m.Locations[0], m.Name)));
                var method = Forward(type, declaration, report);
                syntax = method?.DeclaringSyntaxReferences[0].GetSyntax(token) as MethodDeclarationSyntax;
                map = twice.Count == 0 && syntax is not null && CanRead(declaration, report)
                    ? Map(type, method!, syntax, sources, report, token) : null;
            },
            type.Name, declaration.Identifier.GetLocation(), report);
        SyntaxNode place = syntax is null ? declaration : syntax;
        return new BijectorModel(
            HintNames.Of(type), new(Types(type)), SeesInternals(type, Base(type)!.ContainingAssembly) ? "protected internal" : "protected",
            new(Directives(place.SyntaxTree.GetCompilationUnitRoot(token))), new(Namespaces(place)), map,
            new(Maps.Prepend("EventRank").Where(m => !Declared(type, m).Any())));
    }

    /// <summary>Emitted code has collection expressions in it.</summary>
    private static bool CanRead(ClassDeclarationSyntax declaration, Action<Diagnostic> report)
    {
        var version = ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion;
        if (version >= LanguageVersion.CSharp12)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.LanguageVersion, declaration.Identifier.GetLocation(), declaration.Identifier.ValueText, version.ToDisplayString()));
        return false;
    }

    private static IEnumerable<string> Directives(CompilationUnitSyntax file) =>
        file.Externs.Select(Text.Of).Concat(file.Usings.Where(u => u.GlobalKeyword.RawKind == 0).Select(Text.Of)).Distinct(StringComparer.Ordinal);

    /// <summary>The namespaces around a node. One without directives is one with the next inside it.</summary>
    private static IEnumerable<NamespaceModel> Namespaces(SyntaxNode node)
    {
        var name = "";
        foreach (var declaration in node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse())
        {
            name += (name.Length > 0 ? "." : "") + Text.Of(declaration.Name);
            var directives = declaration.Externs.Select(Text.Of).Concat(declaration.Usings.Select(Text.Of)).Distinct(StringComparer.Ordinal).ToList();
            if (directives.Count > 0 || !declaration.Members.OfType<BaseNamespaceDeclarationSyntax>().Any(n => n.Span.Contains(node.Span)))
            {
                yield return new(name, new(directives));
                name = "";
            }
        }
    }

    private static bool SeesInternals(INamedTypeSymbol type, IAssemblySymbol core) =>
        SymbolEqualityComparer.Default.Equals(core, type.ContainingAssembly) || core.GivesAccessTo(type.ContainingAssembly);

    private static MapModel? Map(
        INamedTypeSymbol type, IMethodSymbol method, MethodDeclarationSyntax syntax, Sources sources, Action<Diagnostic> report, CancellationToken token)
    {
        if (!HasSignature(method, syntax)
            || sources.Operation(syntax, token) is not IMethodBodyOperation body)
        {
            report(Diagnostic.Create(Rules.BadSignature, syntax.Identifier.GetLocation(), method.Name));
            return null;
        }

        // The C# compiler reports its own errors; guessing behind them would only repeat them.
        return !body.DescendantsAndSelf().Any(o => o is IInvalidOperation)
            && ForwardParser.Parse(method, body, AsksForIteration(type), report) is var (forward, values)
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
        var core = Base(type)!.ContainingAssembly;
        return PurityCheck.Run(body, core, sources, report, token)
            && BatchCheck.Run(method, body, core, sources, report, token);
    }

    private static bool AsksForIteration(INamedTypeSymbol type) => type.GetAttributes().Any(
        a => a.AttributeClass.IsNamed(Attribute) && a.NamedArguments.Any(n => n.Key == "Numerical" && n.Value.Value is true));

    private static IMethodSymbol? Forward(INamedTypeSymbol type, ClassDeclarationSyntax declaration, Action<Diagnostic> report)
    {
        var marked = type.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m.GetAttributes().Any(a => a.AttributeClass.IsNamed(ForwardAttribute))).ToList();
        if (marked.Count == 1)
        {
            return marked[0].PartialImplementationPart ?? marked[0];
        }

        report(Diagnostic.Create(
            Rules.NotOneForward, declaration.Identifier.GetLocation(), type.Name,
            marked.Count == 0 ? "none" : marked.Count.ToString(CultureInfo.InvariantCulture)));
        return null;
    }

    private static bool HasSignature(IMethodSymbol method, MethodDeclarationSyntax syntax) =>
        method is { Parameters.Length: 1 or 2, IsGenericMethod: false, IsAsync: false }
        && method.Parameters.All(p => p.RefKind == RefKind.None && Operations.IsTensor(p.Type))
        && Operations.IsTensor(method.ReturnType)
        && (syntax.Body is not null || syntax.ExpressionBody is not null);

    private static Facts? Facts(INamedTypeSymbol type, MethodDeclarationSyntax syntax, ForwardModel forward, ValueTable values, Action<Diagnostic> report)
    {
        bool Declares(string member) => Declared(type, member).Any();

        var domains = Domains.Of(forward);
        var statesDomain = Declares("Domain");
        if (domains.Violation is var (name, domain, gets) && !statesDomain)
        {
            report(Diagnostic.Create(
                Rules.OutsideDomain, syntax.Identifier.GetLocation(), name, Show(domain), gets is { } g ? Show(g) : "a range that depends on values that are not literals",
                "bring them there first, or override Domain to state where the whole map is defined"));
            return null;
        }

        // What a stated domain is mapped onto is for the person to state as well.
        var codomain = statesDomain && !Declares("Codomain") ? null : domains.Codomain;
        var named = statesDomain || codomain is not null || forward.Steps.Flatten().Any(s => s is ApplyStep) ? null : domains.NamedCodomain;
        if (codomain is null && named is null && !Declares("Codomain"))
        {
            report(Diagnostic.Create(Rules.UnknownCodomain, syntax.Identifier.GetLocation(), type.Name));
            return null;
        }

        var none = new EquatableArray<string>(Enumerable.Empty<string>());
        var getters = new Getters(forward);
        var isScalar = !Declares("EventRank") && forward.Steps.WithInner().All(s => IsScalar(s, values));
        var hasShapeRule = forward.Steps.Flatten().Any(s => s is not ElementwiseStep) || forward.Values.Any(v => v is Call { Conditioner: not null })
            || Places.Origins(forward.Steps) is null || (forward.Values.Any(v => v is Leaf { IsField: true, Kind: ValueKind.Tensor }) && !isScalar)
            || forward.Steps.WithInner().Any(s => s is MaskedStep) || forward.Steps.Flatten().Any(s => s is MixStep or JointStep { Map: { MatrixAxis: not null } or { Weights: not null } });
        var volume = Declares("IsVolumePreserving") ? none : getters.VolumePreserving();
        return new(
            Declares("OutputEventRank") ? none : getters.OutputEventRank(),
            statesDomain ? none : getters.Domain(domains.Domain, codomain: false),
            Declares("Codomain") ? none : named is not null ? Getters.Interval(named) : getters.Domain(codomain!.Value, codomain: true),
            volume,
            Declares("HasConstantJacobian") || (volume.Count == 1 && volume[0] == "true") ? none : getters.ConstantJacobian(values),
            Declares("IsIterative") ? none : getters.Iterative(),
            Declares("HasRandomLogDet") ? none : getters.RandomLogDet(),
            EmitOutputShape: !Declares("OutputShapeCore") && hasShapeRule,
            EmitInputShape: !Declares("InputShapeCore") && hasShapeRule,
            EmitEventRank: isScalar);
    }

    /// <summary>Whether a step maps every number by itself, so that there is no event.</summary>
    private static bool IsScalar(Step step, ValueTable values) => step switch
    {
        RowStep map => map.Head is null && map.Operands.All(o => !values.Reads(o).Any()),
        PiecewiseStep pieces => pieces.Maps.All(m => IsScalar(m, values)),
        JointStep { Map.IsElementwise: true } map => map.Operands.All(o => !values.Reads(o).Any()),
        RepeatStep or BranchStep => true,
        _ => false,
    };

    /// <summary>
    /// Members written by hand, here or in a class between this one and Bijector; an analyzer also sees the half that the generator has written.
    /// </summary>
    private static IEnumerable<ISymbol> Declared(INamedTypeSymbol type, string member)
    {
        var own = type.GetMembers(member).Where(m => m.DeclaringSyntaxReferences.Any(
            r => !r.SyntaxTree.FilePath.EndsWith(HintNames.Of(type), StringComparison.Ordinal)));
        return own.Concat(Operations.Bases(type.BaseType).TakeWhile(b => !b.IsNamed(Bijector))
            .SelectMany(b => b.GetMembers(member).Where(m => !m.IsAbstract)));
    }

    private static string Show(Bounds bounds) =>
        bounds == Bounds.Real ? "the real numbers" : FormattableString.Invariant($"({bounds.Low}, {bounds.High})");

    private static ITypeSymbol? Base(INamedTypeSymbol type) => Operations.Bases(type.BaseType).FirstOrDefault(b => b.IsNamed(Bijector));

    private static IEnumerable<string> Types(INamedTypeSymbol type)
    {
        var types = new List<string>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            var keyword = (t.IsRecord ? "record " : "")
                + (t.TypeKind == TypeKind.Struct ? "struct" : t.TypeKind == TypeKind.Interface ? "interface" : t.IsRecord ? "" : "class");
            var parameters = t.TypeParameters.Select(p => (p.Variance switch { VarianceKind.In => "in ", VarianceKind.Out => "out ", _ => "" }) + Text.Identifier(p.Name));
            types.Insert(0, $"partial {keyword.TrimEnd()} {Text.Identifier(t.Name)}{(t.Arity > 0 ? $"<{string.Join(", ", parameters)}>" : "")}");
        }

        return types;
    }
}
