using System.Text;
using Apache.Arrow;

namespace Bijectors.Data;

/// <summary>
/// Texts of Arrow arrays, each looked up within bounds: the library's own methods read whatever lies at the places that
/// a damaged file names.
/// </summary>
internal static class ArrowTexts
{
    /// <summary>A text; null where it is missing.</summary>
    public static string? Of(StringArray texts, int row) => texts.IsNull(row)
        ? null : Decoded(texts.ValueBuffer.Span, texts.ValueOffsets[row], texts.ValueOffsets[row + 1]);

    /// <inheritdoc cref="Of(StringArray, int)"/>
    public static string? Of(LargeStringArray texts, int row) => texts.IsNull(row)
        ? null
        : Decoded(
            texts.ValueBuffer.Span, checked((int)texts.ValueOffsets[row]), checked((int)texts.ValueOffsets[row + 1]));

    /// <inheritdoc cref="Of(StringArray, int)"/>
    public static string? Of(StringViewArray texts, int row)
    {
        if (texts.IsNull(row))
        {
            return null;
        }

        // Short texts lie in the view itself, long ones in one of the buffers behind it.
        const int ViewBytes = 16;
        var view = texts.Views[row];
        return view.IsInline
            ? Encoding.UTF8.GetString(texts.ViewsBuffer.Span.Slice((row * ViewBytes) + sizeof(int), view.Length))
            : Decoded(
                texts.Data.Buffers[2 + view.BufferIndex].Span, view.BufferOffset,
                checked(view.BufferOffset + view.Length));
    }

    private static string Decoded(ReadOnlySpan<byte> bytes, int from, int to) =>
        Encoding.UTF8.GetString(bytes[from..to]);
}
