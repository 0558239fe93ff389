using System.Text;

namespace Bijectors.Cli;

/// <summary>A picture in the making: what is added is escaped as <see cref="Html.Of"/> does it.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with holes.</summary>
    public void Add(FormattableString piece) => _text.Append(Html.Of(piece).Text);

    /// <summary>All that was added.</summary>
    public Html ToHtml() => new(_text.ToString());
}
