using System.Globalization;

namespace Bijectors.Tests;

/// <summary>
/// A culture that writes every number with signs of its own, while it is in use: what is written for machines must show
/// none of them. Made by hand, since the runtime's tables of cultures may be absent.
/// </summary>
internal sealed class ForeignCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;
    private readonly CultureInfo? _beforeInOtherThreads = CultureInfo.DefaultThreadCurrentCulture;

    public ForeignCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.PercentDecimalSeparator, numbers.CurrencyDecimalSeparator) =
            ("⎖", "⎖", "⎖");
        (numbers.NumberGroupSeparator, numbers.PercentGroupSeparator, numbers.CurrencyGroupSeparator) = ("⍽", "⍽", "⍽");
        (numbers.NegativeSign, numbers.PositiveSign) = ("⊖", "⊕");
        (numbers.NaNSymbol, numbers.PositiveInfinitySymbol, numbers.NegativeInfinitySymbol, numbers.PercentSymbol) =
            ("⍰", "⋈", "⊖⋈", "⁒");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator) = ("⸗", "⁝");
        (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, culture);
    }

    /// <summary>Asserts that a text shows no sign of the culture.</summary>
    public static void IsAbsentFrom(string what, string text)
    {
        var at = text.IndexOfAny([.. "⎖⍽⊖⊕⍰⋈⁒⸗⁝"]);
        Assert.True(
            at < 0, at < 0 ? "" : $"{what}: ...{text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 40)]}...");
    }

    public void Dispose() =>
        (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (_before, _beforeInOtherThreads);
}
