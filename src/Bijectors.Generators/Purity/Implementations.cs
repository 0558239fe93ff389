using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>Which methods with source a call may reach that is decided on by the object it is called on.</summary>
internal sealed class Implementations(Sources sources, IAssemblySymbol core)
{
    private const string Generated = "Bijectors.GeneratedBijectorAttribute";

    private static readonly string[] Maps =
        ["ForwardCore", "InverseCore", "ForwardWithLogDetCore", "InverseWithLogDetCore"];

    private List<INamedTypeSymbol>? _types;

    private IReadOnlyList<INamedTypeSymbol> Types =>
        _types ??= [.. Inside(sources.Compilation.Assembly.GlobalNamespace)];

    /// <summary>The implementations of a method with source in objects of a type.</summary>
    public IEnumerable<IMethodSymbol> Of(IMethodSymbol method, ITypeSymbol receiver)
    {
        var type = (receiver.OriginalDefinition as INamedTypeSymbol) ?? method.ContainingType;
        var found = type.IsSealed || type.IsValueType || !(method.IsVirtual || method.IsAbstract || method.IsOverride)
            ? [Implementation(method, type)]
            : Types.Where(t => Is(t, type)).Select(t => Implementation(method, t));
        return found.OfType<IMethodSymbol>().Select(m => m.OriginalDefinition)
            .Where(m => !m.IsAbstract && !m.DeclaringSyntaxReferences.IsEmpty)
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);
    }

    /// <summary>Whether a getter is written out.</summary>
    public static bool HasBody(IMethodSymbol? getter) =>
        getter?.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is ArrowExpressionClauseSyntax
            or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null })
        == true;

    /// <summary>What a call of a network or a bijector runs, as far as it is somebody's own.</summary>
    public IEnumerable<IMethodSymbol> Behind(IMethodSymbol method, IOperation instance, IOperation root,
        CancellationToken token)
    {
        string[] names = method.Name switch
        {
            "call" or "forward" => ["forward"],
            "Evaluate" or "Raw" or "ScaleAndShift" or "Table" or "Groups" => ["Evaluate", "ScaleAndShift"],
            "Forward" or "Inverse" or "ForwardWithLogDet" or "InverseWithLogDet" => Maps,
            _ => [],
        };
        if (names.Length == 0)
        {
            return [];
        }

        // What a generated bijector runs is judged where it is declared.
        return Objects(instance, root, token).Where(t => HandWritten.Types.Attribute(t, Generated) is null)
            .SelectMany(t => Operations.Bases(t).Where(IsOwn))
            .SelectMany(b => names.SelectMany(n => b.GetMembers(n)).OfType<IMethodSymbol>())
            .Where(m => m is { IsAbstract: false, IsOverride: true })
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default);
    }

    /// <summary>The expressions that the members which an object is read from are given.</summary>
    public IEnumerable<IOperation> Given(IOperation instance, IOperation root, CancellationToken token) =>
        Members(instance, root, 0).Select(m => m.OriginalDefinition).Where(m => !m.DeclaringSyntaxReferences.IsEmpty)
            .SelectMany(m => Given(m, token));

    /// <summary>The expressions that a member is given where its object is made.</summary>
    public IEnumerable<IOperation> Given(ISymbol member, CancellationToken token)
    {
        foreach (var syntax in member.DeclaringSyntaxReferences.Select(r => r.GetSyntax(token)))
        {
            var initializer = syntax switch
            {
                VariableDeclaratorSyntax field => field.Initializer?.Value,
                PropertyDeclarationSyntax property => property.Initializer?.Value,
                _ => null,
            };
            if (initializer is not null
                && sources.Operation(initializer, token) is { } value)
            {
                yield return value;
            }
        }

        foreach (var constructor in member.ContainingType.DeclaringSyntaxReferences
            .SelectMany(r => r.GetSyntax(token).ChildNodes()).OfType<ConstructorDeclarationSyntax>())
        {
            var body = sources.Operation(constructor, token);
            foreach (var assignment in body?.Descendants().OfType<IAssignmentOperation>() ?? [])
            {
                if (assignment.Target.DescendantsAndSelf().OfType<IMemberReferenceOperation>()
                    .Any(m => SymbolEqualityComparer.Default.Equals(m.Member.OriginalDefinition, member)))
                {
                    yield return assignment.Value;
                }
            }
        }
    }

    /// <summary>
    /// The classes with source that an object may be of: its own type and those below it, and what the field that holds
    /// it is given.
    /// </summary>
    private IEnumerable<INamedTypeSymbol> Objects(IOperation instance, IOperation root, CancellationToken token)
    {
        if (instance.Type?.OriginalDefinition is INamedTypeSymbol type && IsOwn(type))
        {
            foreach (var below in Types.Where(t => Is(t, type)))
            {
                yield return below;
            }
        }

        foreach (var made in Given(instance, root, token).SelectMany(v => v.DescendantsAndSelf())
            .Select(o => o.Type?.OriginalDefinition).OfType<INamedTypeSymbol>().Where(IsOwn))
        {
            yield return made;
        }
    }

    /// <summary>The members that an object is read from, by itself, as an element, or through variables.</summary>
    private static IEnumerable<ISymbol> Members(IOperation instance, IOperation root, int depth)
    {
        var op = Operations.Unwrap(instance);
        return depth > 4 ? [] : op switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } collection } =>
                Members(collection, root, depth + 1),
            IArrayElementReferenceOperation element => Members(element.ArrayReference, root, depth + 1),
            IConversionOperation conversion => Members(conversion.Operand, root, depth + 1),
            IMemberReferenceOperation member => [member.Member],
            ILocalReferenceOperation { Local: var local } => root.Descendants().SelectMany(o => o switch
            {
                IForEachLoopOperation loop when loop.Locals.Contains(local, SymbolEqualityComparer.Default) =>
                    Members(loop.Collection, root, depth + 1),
                IVariableDeclaratorOperation declared when SymbolEqualityComparer.Default.Equals(declared.Symbol, local)
                    && declared.GetVariableInitializer()?.Value is { } value =>
                    Members(value, root, depth + 1),
                _ => [],
            }),
            _ => [],
        };
    }

    private bool IsOwn(ITypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, sources.Compilation.Assembly)
            && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, core);

    private static bool Is(INamedTypeSymbol type, INamedTypeSymbol wanted) => wanted.TypeKind == TypeKind.Interface
        ? type.AllInterfaces.Any(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, wanted))
        : Operations.Bases(type).Any(b => SymbolEqualityComparer.Default.Equals(b.OriginalDefinition, wanted));

    private static IMethodSymbol? Implementation(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (method.ContainingType.TypeKind == TypeKind.Interface)
        {
            var implemented = type.AllInterfaces
                .FirstOrDefault(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, method.ContainingType))
                ?.GetMembers(method.Name).OfType<IMethodSymbol>()
                    .FirstOrDefault(m => SymbolEqualityComparer.Default.Equals(m.OriginalDefinition, method));
            return implemented is null ? method
                : type.FindImplementationForInterfaceMember(implemented) as IMethodSymbol;
        }

        return Operations.Bases(type).SelectMany(b => b.GetMembers(method.Name).OfType<IMethodSymbol>())
            .FirstOrDefault(m => Overridden(m)
                .Any(o => SymbolEqualityComparer.Default.Equals(o.OriginalDefinition, method))) ?? method;
    }

    private static IEnumerable<IMethodSymbol> Overridden(IMethodSymbol method)
    {
        for (IMethodSymbol? m = method; m is not null; m = m.OverriddenMethod)
        {
            yield return m;
        }
    }

    private static IEnumerable<INamedTypeSymbol> Inside(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(m => m is INamedTypeSymbol type ? Inside(type).Prepend(type) : Inside(m));
}
