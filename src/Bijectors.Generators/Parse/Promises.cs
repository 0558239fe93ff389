using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// What the attributes [Causal], [Contractive] and [Elementwise] say of a call: on its method, on the object it is
/// called on, on that object's class.
/// </summary>
internal static class Promises
{
    private const string Causal = "Bijectors.CausalAttribute";
    private const string Contractive = "Bijectors.ContractiveAttribute";
    private const string Elementwise = "Bijectors.ElementwiseAttribute";
    private const string Pass = "Bijectors.CausalPass";
    private const string Scale = "Bijectors.ScaleMap";

    /// <param name="op">The call; other operations have no promise.</param>
    /// <param name="cuts">Its operands, in order.</param>
    /// <param name="report">Takes what is wrong with the attributes.</param>
    public static Promise? Of(IOperation op, IReadOnlyList<IOperation> cuts, Action<Diagnostic> report)
    {
        if (op is not IInvocationOperation call)
        {
            return null;
        }

        var first = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == 0) is { } argument
            ? Operations.Unwrap(argument.Value) : null;
        var place = first is null ? -1 : cuts.ToList().FindIndex(c => Operations.Unwrap(c).Syntax == first.Syntax);
        if (Find(call, Causal) is { } causal)
        {
            if (Number(causal, "Trailing") < 0)
            {
                report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), call.TargetMethod.Name,
                    "the Trailing of [Causal] counts dimensions, so it is 0 or more"));
            }

            return new CausalPromise(place, new(Axes(causal)), Math.Max(0, Number(causal, "Trailing")),
                call.TargetMethod.Name, Begin(call, cuts, causal, report));
        }

        if (Find(call, Contractive) is { ConstructorArguments: [{ Value: double constant }] } contractive)
        {
            return new ContractivePromise(place, constant, Estimator(call, contractive, report));
        }

        return IsElementwise(op)
            ? new ElementwisePromise(place, IsLogScale(call) ? Text.Of(call.Instance!.Syntax) : null)
            : null;
    }

    private static AttributeData? Find(IInvocationOperation call, string name)
    {
        var places = new List<ISymbol> { call.TargetMethod };
        if (call.Instance is IMemberReferenceOperation { Member: var member })
        {
            places.Add(member);
        }

        places.AddRange(
            Operations.Bases(call.Instance is null or IInstanceReferenceOperation ? null : call.Instance.Type));
        return places.SelectMany(p => p.GetAttributes()).FirstOrDefault(a => a.AttributeClass.IsNamed(name));
    }

    /// <summary>Whether an operation calls a method that works entry by entry.</summary>
    public static bool IsElementwise(IOperation op) => op is IInvocationOperation { TargetMethod: var method }
        && method.GetAttributes().Any(a => a.AttributeClass.IsNamed(Elementwise));

    private static bool IsLogScale(IInvocationOperation call) =>
        call is { Instance: not null, TargetMethod: { Name: "LogScale", ContainingType: var type } }
            && type.IsNamed(Scale);

    /// <summary>
    /// The call that begins an incremental pass, if there is a method for it whose pass has this method again for a
    /// single entry.
    /// </summary>
    private static EquatableArray<string>? Begin(IInvocationOperation call, IReadOnlyList<IOperation> cuts,
        AttributeData causal, Action<Diagnostic> report)
    {
        // What a field promises says nothing of how its class computes.
        var host = call.Instance?.Type ?? call.TargetMethod.ContainingType;
        var name = Operations.Bases(host).SelectMany(t => t.GetAttributes())
            .Where(a => a.AttributeClass.IsNamed(Causal)).Prepend(causal)
            .Select(a => Named(a, "Incremental")).FirstOrDefault(n => n is not null);
        if (name is null)
        {
            return null;
        }

        // The emitted code calls it in the method's place, with the same arguments.
        bool Sees(IMethodSymbol member) => call.SemanticModel!.IsAccessible(call.Syntax.SpanStart, member);
        bool Gives(IMethodSymbol entry) => entry.Parameters.IsEmpty && Sees(entry)
            && SymbolEqualityComparer.Default.Equals(
                entry.ReturnType.OriginalDefinition, call.TargetMethod.ReturnType.OriginalDefinition);
        var begin = Members(host, name).FirstOrDefault(m => Sees(m)
            && m.Parameters.Select(p => p.Type)
                .SequenceEqual(call.TargetMethod.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default));
        if (begin?.ReturnType is { } pass && IsPass(pass) && Members(pass, call.TargetMethod.Name).Any(Gives))
        {
            var called = ((InvocationExpressionSyntax)call.Syntax).Expression is MemberAccessExpressionSyntax access
                ? access.Name : ((InvocationExpressionSyntax)call.Syntax).Expression;
            return new(Text.Pieces(call.Syntax, [.. cuts.Select(c => Operations.Unwrap(c).Syntax.Span)],
                (called.GetFirstToken(), CSharp.Identifier(name))));
        }

        report(Diagnostic.Create(
            Rules.BadAttribute, call.Syntax.GetLocation(), name,
            "[Causal] names it as the beginning of an incremental pass; expected a method with the parameters of "
            + $"'{call.TargetMethod.Name}' that gives a CausalPass with a method '{call.TargetMethod.Name}()'"));
        return null;
    }

    /// <summary>
    /// The estimator's name, which means a member of the bijector: so it is given on a member of the bijector.
    /// </summary>
    private static string? Estimator(IInvocationOperation call, AttributeData contractive, Action<Diagnostic> report)
    {
        var name = Named(contractive, "Estimator");
        var holder = (call.Instance as IMemberReferenceOperation)?.Member.GetAttributes().Contains(contractive) == true
            || call.Instance is null or IInstanceReferenceOperation;
        if (name is null)
        {
            return null;
        }

        var members = call.SemanticModel!.LookupSymbols(call.Syntax.SpanStart, name: name);
        if (holder
            && members.Any(m => Operations.Bases((m is IFieldSymbol field ? field.Type : (m as IPropertySymbol)?.Type)
                ?.WithNullableAnnotation(NullableAnnotation.None))
                .Any(t => t.IsNamed("Bijectors.LogDetEstimator"))))
        {
            return CSharp.Identifier(name);
        }

        report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), name, "an Estimator is a member of the "
            + "bijector, a LogDetEstimator: name it on the bijector's own field that holds the network"));
        return null;
    }

    private static IEnumerable<IMethodSymbol> Members(ITypeSymbol? type, string name) =>
        Operations.Bases(type).SelectMany(t => t.GetMembers(name).OfType<IMethodSymbol>());

    private static bool IsPass(ITypeSymbol? type) => Operations.Bases(type).Any(t => t.IsNamed(Pass));

    /// <summary>The axes of [Causal], the slowest first.</summary>
    private static IEnumerable<int> Axes(AttributeData causal)
    {
        var written = causal.ConstructorArguments.SelectMany(a => a.Kind == TypedConstantKind.Array ? a.Values : [a])
            .Select(a => a.Value).OfType<int>().ToList();
        return written.Count > 0 ? written : [-1];
    }

    private static int Number(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value is int number ? number : 0;

    private static string? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value as string;
}
