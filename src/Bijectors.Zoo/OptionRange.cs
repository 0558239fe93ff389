using System.Runtime.CompilerServices;

namespace Bijectors.Zoo;

/// <summary>Stops options that no model could be made of, in the words of the command line.</summary>
internal static class OptionRange
{
    /// <summary>Checks one option.</summary>
    /// <param name="model">The model, for the message.</param>
    /// <param name="value">The option's value, written as <c>options.Hidden</c>.</param>
    /// <param name="least">The smallest value that makes sense.</param>
    /// <param name="option">How <paramref name="value"/> was written.</param>
    /// <exception cref="ArgumentException">The value is smaller.</exception>
    public static void Check(
        string model, int value, int least, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < least)
        {
            var name = option[(option.LastIndexOf('.') + 1)..];
            throw new ArgumentException(
                $"{model}: expected {char.ToLowerInvariant(name[0])}{name[1..]} of at least {least}, got {value}.");
        }
    }
}
