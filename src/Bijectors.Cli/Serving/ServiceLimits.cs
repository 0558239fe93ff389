namespace Bijectors.Cli;

/// <summary>How much a service takes.</summary>
/// <param name="Rows">The most rows of a request.</param>
/// <param name="Numbers">The most numbers that a request gives or gets.</param>
/// <param name="BodyBytes">The most bytes of a body.</param>
/// <param name="WaitingRequests">The most requests that wait.</param>
internal sealed record ServiceLimits(int Rows, int Numbers, long BodyBytes, int WaitingRequests);
