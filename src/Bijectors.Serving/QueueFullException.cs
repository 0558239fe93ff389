namespace Bijectors.Serving;

/// <summary>A request came while as many as may wait were waiting; it may be sent again later.</summary>
/// <param name="message">What was expected, and what came.</param>
public sealed class QueueFullException(string message) : Exception(message);
