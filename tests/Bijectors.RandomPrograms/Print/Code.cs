using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Print;

/// <summary>Expressions as C#, with no more brackets than they need.</summary>
internal static class Code
{
    private const int Sum = 1, Product = 2, Prefix = 3, Primary = 4;

    public static string Of(Expression expression) => Of(expression, 0);

    private static string Of(Expression expression, int least)
    {
        var (text, strength) = expression switch
        {
            Name name => (name.Text, Primary),
            Negative negative => ("-" + Of(negative.Operand, Primary), Prefix),
            Binary { Operator: "+" or "-" } sum =>
                ($"{Of(sum.Left, Sum)} {sum.Operator} {Of(sum.Right, Product)}", Sum),
            Binary product => ($"{Of(product.Left, Product)} {product.Operator} {Of(product.Right, Prefix)}", Product),
            Bundle tuple => ($"({string.Join(", ", tuple.Items.Select(i => Of(i)))})", Primary),
            Invoke call => (
                $"{(call.On is { } on ? Of(on, Primary) + "." : "")}{call.Method}"
                + $"({string.Join(", ", call.Arguments.Select(a => Of(a)))})",
                Primary),
            _ => throw new InvalidOperationException($"Unknown expression {expression}."),
        };
        return strength < least ? $"({text})" : text;
    }
}
