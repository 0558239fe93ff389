namespace Bijectors.Fuzz;

/// <summary>Numbers at which programs go wrong.</summary>
internal static class Numbers
{
    private static readonly string[] s_texts =
    [
        "0", "-0", "1", "-1", "2", "3", "7", "16", "255", "256", "1000", "65536", "2147483647", "2147483648",
        "-2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e400", "-1e400",
        "1e-400", "NaN", "nan", "Infinity", "-inf", "1e308", "1e39", "1e-45", "0x10", "1,5", "1_000", "1.", ".5", "+1",
        "--1", "1e",
        "00012", "4611686018427387904", "123456789012345678901234567890", "\u0661\u0662", "\u2212" + "1",
    ];

    private static readonly long[] s_values =
    [
        0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue,
        1L << 40, long.MaxValue, long.MinValue, 1L << 62,
    ];

    public static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    public static long Value(Random random) => s_values[random.Next(s_values.Length)];
}
