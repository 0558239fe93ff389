using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Numerics;

/// <summary>
/// Writes a formula of the table as C#, in the author's way: <c>torch.log1p(x)</c> in place of <c>torch.log(1 + x)</c>,
/// <c>x.log1p()</c> in place of <c>(1 + x).log()</c>, always with names that mean at this place what they should.
/// </summary>
internal sealed class Spelling(Match match, SemanticModel model, int position, bool numbers)
{
    /// <summary>
    /// The formula, in brackets where it could not stand in the place of <paramref name="replaced"/> without.
    /// </summary>
    public string Write(string formula, SyntaxNode replaced)
    {
        var text = Write(SyntaxFactory.ParseExpression(formula));
        return replaced.Parent is ArgumentSyntax or ParenthesizedExpressionSyntax
            or EqualsValueClauseSyntax or ReturnStatementSyntax
            or ArrowExpressionClauseSyntax or AssignmentExpressionSyntax
                ? text
                : Bracketed(text);
    }

    private string Write(ExpressionSyntax formula) => formula switch
    {
        IdentifierNameSyntax variable => Text.Of(match.Bound[variable.Identifier.Text].Syntax),
        PrefixUnaryExpressionSyntax minus => "-" + Bracketed(Write(minus.Operand)),
        InvocationExpressionSyntax call => Call(((IdentifierNameSyntax)call.Expression).Identifier.Text,
            [.. call.ArgumentList.Arguments.Select(a => Write(a.Expression))]),
        _ => throw new InvalidOperationException($"'{formula}' has no place in the table of poor forms."),
    };

    private string Call(string function, IReadOnlyList<string> arguments) => function switch
    {
        _ when numbers =>
            $"{Known("Math", "System.Math")}."
            + $"{char.ToUpperInvariant(function[0])}{function.Substring(1)}({arguments[0]})",
        "Softplus" or "Logit" or "LogCosh" =>
            $"{Known("Elementwise", "Bijectors.Elementwise")}.{function}({arguments[0]})",
        "logsigmoid" or "log_softmax" => $"{Functional()}.{function}({string.Join(", ", arguments)})",
        _ when match.Example is { Instance: not null } => $"{Bracketed(arguments[0])}.{function}()",
        _ when match.Example?.Syntax is InvocationExpressionSyntax { Expression: IdentifierNameSyntax }
            && IsInScope(function) => $"{function}({arguments[0]})",
        _ => $"{Known("torch", "TorchSharp.torch")}.{function}({arguments[0]})",
    };

    private string Functional() =>
        !HasType("torch") && HasType("nn") ? "nn.functional" : Known("torch", "TorchSharp.torch") + ".nn.functional";

    private string Known(string name, string full) => HasType(name) ? name : "global::" + full;

    private bool HasType(string name) => model.LookupNamespacesAndTypes(position, name: name).Any();

    private bool IsInScope(string function) =>
        model.LookupSymbols(position, name: function)
            .Any(s => s is IMethodSymbol method && method.ContainingType.IsNamed("TorchSharp.torch"));

    private static string Bracketed(string text) => SyntaxFactory.ParseExpression(text) switch
    {
        IdentifierNameSyntax or MemberAccessExpressionSyntax
            or InvocationExpressionSyntax or ElementAccessExpressionSyntax
            or ParenthesizedExpressionSyntax or LiteralExpressionSyntax or ThisExpressionSyntax => text,
        _ => $"({text})",
    };
}
