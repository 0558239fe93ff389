using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Reads the arguments of methods that move or map parts.</summary>
internal sealed class KnownArguments(ValueTable values, ValueParser parser, Action<Diagnostic> report)
{
    /// <summary>An argument as a known value; one that was left out as the constant that stands for it.</summary>
    public int? Known(IArgumentOperation argument)
    {
        if (argument.ArgumentKind == ArgumentKind.Explicit)
        {
            return parser.Parse(argument.Value);
        }

        if (argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Value.ConstantValue.Value is { } constant
            && CSharp.Literal(constant) is { } text)
        {
            var type = argument.Parameter!.Type;
            return values.Add(new Leaf(type.TypeKind == TypeKind.Enum ? $"(({Operations.FullName(type)})({text}))"
                : text, Operations.KindOf(type), Sign.Unknown));
        }

        report(Diagnostic.Create(
            Rules.NotInLanguage, argument.Syntax.GetLocation(), $"What stands for '{argument.Parameter!.Name}'",
                "write the argument, one value or an array"));
        return null;
    }

    /// <summary>
    /// Shapes are known before anything runs, so what decides on them depends on neither the input nor the context.
    /// </summary>
    public bool MustNotRead(int value, SyntaxNode at, string method)
    {
        if (!values.Reads(value).Any() && !values.UsesContext(value))
        {
            return true;
        }

        report(Diagnostic.Create(Rules.MovesByInput, at.GetLocation(), method));
        return false;
    }
}
