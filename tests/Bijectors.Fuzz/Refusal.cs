using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Fuzz;

/// <summary>What a refusal must be: an exception that says so, with one clear sentence.</summary>
internal static class Refusal
{
    private const int LongestMessage = 2_000;

    // What the framework says of programs that went wrong.
    private static readonly string[] s_foreign =
    [
        "Object reference", "Index was out", "Nullable object", "Sequence contains", "Exception",
        "Arithmetic operation", "Specified argument was out", "Value cannot be null", "Unable to cast",
        "Unable to find", "   at ",
        "The JSON value could not be converted", "Input string was not", "key was not present",
    ];

    /// <summary>The sentence of what was thrown.</summary>
    /// <exception cref="Finding">It is no refusal.</exception>
    public static string Of(Exception thrown)
    {
        if (thrown is not (DataException or SavedModelException or CheckpointException or ArgumentException
            or InvalidOperationException or NotSupportedException or OverflowException or IOException
            or InsufficientMemoryException) || thrown is ObjectDisposedException)
        {
            throw new Finding($"{thrown.GetType()}: {thrown.Message}", thrown);
        }

        return Check(thrown.Message, thrown);
    }

    /// <summary>A message, if it is a clear one.</summary>
    /// <exception cref="Finding">It is not.</exception>
    public static string Check(string message, Exception? thrown = null)
    {
        if (message.Length is 0 or > LongestMessage)
        {
            throw new Finding($"a message of {message.Length} characters", thrown);
        }

        if (message.Any(each => char.IsControl(each) && each is not ('\t' or '\r' or '\n')))
        {
            throw new Finding($"control characters in a message: {message}", thrown);
        }

        return s_foreign.FirstOrDefault(text => message.Contains(text, StringComparison.Ordinal)) is { } foreign
            ? throw new Finding($"\"{foreign}\" in a message: {message}", thrown)
            : message;
    }
}
