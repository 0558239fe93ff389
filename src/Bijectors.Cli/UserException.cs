namespace Bijectors.Cli;

/// <summary>What was asked for cannot be done; the message is one sentence for whoever asked.</summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
