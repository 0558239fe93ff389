namespace Bijectors.Generators.Emit;

/// <summary>The first line of a loop, in either direction.</summary>
internal static class Headers
{
    public static string Of(Header header, bool backwards, Func<int, string> text)
    {
        if (header.Collection is { } collection)
        {
            var items = text(collection);
            return $"foreach ({header.Type} {header.Variable} in "
                + $"{(backwards ? $"global::System.Linq.Enumerable.Reverse({items})" : items)})";
        }

        var (from, to) = (Expressions.Bracket(text(header.From!.Value)), Expressions.Bracket(text(header.To!.Value)));
        var (type, i) = (header.Type, header.Variable);
        var up = header.Comparison.StartsWith("<", StringComparison.Ordinal);
        var last = header.Comparison.Length == 2 ? to : up ? $"{to} - 1" : $"{to} + 1";
        return backwards
            ? $"for ({type} {i} = {last}; {i} {(up ? ">=" : "<=")} {from}; {i}{(up ? "--" : "++")})"
            : $"for ({type} {i} = {from}; {i} {header.Comparison} {to}; {i}{(up ? "++" : "--")})";
    }
}
