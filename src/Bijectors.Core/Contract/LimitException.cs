namespace Bijectors;

/// <summary>A flow is declared deeper, longer or wider than this library takes.</summary>
/// <param name="message">Whose limit, what it is, what was asked for.</param>
public sealed class LimitException(string message) : ArgumentException(message);
