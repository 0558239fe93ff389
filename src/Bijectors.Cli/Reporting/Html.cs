using System.Globalization;
using System.Net;

namespace Bijectors.Cli;

/// <summary>
/// A piece of a page. Whatever is put into one from outside is escaped; only pieces themselves are not, so that no name
/// can bring markup into a report.
/// </summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Html(string Text)
{
    /// <summary>Nothing.</summary>
    public static Html None { get; } = new("");

    /// <summary>Markup with holes: numbers are in invariant notation, text is escaped, pieces stay as they
    /// are.</summary>
    public static Html Of(FormattableString text) => new(text.ToString(Escaping.s_instance));

    /// <summary>Pieces one after another, each on a line of its own.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Join('\n', pieces.Select(piece => piece.Text)));

    /// <summary>A piece for each element, see <see cref="Join"/>.</summary>
    public static Html Each<T>(IEnumerable<T> elements, Func<T, Html> piece) => Join(elements.Select(piece));

    public override string ToString() => Text;

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static readonly Escaping s_instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Html piece => piece.Text,
            IFormattable value => WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? ""),
        };
    }
}
