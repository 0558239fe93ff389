namespace Bijectors.Serving;

/// <summary>Samples to draw; the answer has one in each row.</summary>
internal sealed class SampleRequest(int count, double[]? contexts, int seed)
    : Request<double[][]>(count, contexts, seed);
