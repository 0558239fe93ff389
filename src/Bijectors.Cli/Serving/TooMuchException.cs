namespace Bijectors.Cli;

/// <summary>A request is larger than the service takes.</summary>
internal sealed class TooMuchException(string message) : Exception(message);
