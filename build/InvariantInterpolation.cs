using System.Globalization;
using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>
/// What the compiler makes of <c>$"..."</c> in the projects of this repository: the runtime's own handler writes
/// numbers as the culture of the process does, <c>3,5</c> and <c>−1</c>; this one writes <c>3.5</c> and <c>-1</c>
/// everywhere, in messages, files and emitted code.
/// </summary>
/// <remarks>The compiler takes the type of this name in the project that it compiles before the runtime's. Analyzers
/// watch over all other text.</remarks>
internal ref struct DefaultInterpolatedStringHandler
{
    private readonly StringBuilder _text;

    public DefaultInterpolatedStringHandler(int literalLength, int formattedCount) =>
        _text = new(literalLength + (8 * formattedCount));

    public readonly void AppendLiteral(string value) => _text.Append(value);

    public readonly void AppendFormatted(string? value) => _text.Append(value);

    public readonly void AppendFormatted<T>(T value) => AppendFormatted(value, 0, null);

    public readonly void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

    public readonly void AppendFormatted<T>(T value, int alignment) => AppendFormatted(value, alignment, null);

    public readonly void AppendFormatted<T>(T value, int alignment, string? format)
    {
        var text = (value is IFormattable number
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString()) ?? "";
        _text.Append(alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment));
    }
#if NET

    public readonly void AppendFormatted(ReadOnlySpan<char> value) => _text.Append(value);
#endif

    public readonly string ToStringAndClear() => _text.ToString();
}
