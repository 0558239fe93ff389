namespace Bijectors;

/// <summary>A flow is declared deeper, longer or wider than this library takes.</summary>
internal sealed class LimitException(string message) : ArgumentException(message);
