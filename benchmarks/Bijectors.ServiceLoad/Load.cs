namespace Bijectors.ServiceLoad;

/// <summary>What is sent to a service.</summary>
/// <param name="Rate">Requests a second, at random moments (a Poisson process), whatever becomes of others.</param>
/// <param name="Rows">Rows of a request.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Patience">After how many seconds a client gives up.</param>
internal sealed record Load(double Rate, int Rows, double Seconds, double Patience)
{
    /// <summary>When each request is due, in seconds from the start.</summary>
    public IReadOnlyList<double> Moments(int seed)
    {
        var random = new Random(seed);
        List<double> moments = [];
        for (var moment = 0.0; moment < Seconds; moment -= Math.Log(1 - random.NextDouble()) / Rate)
        {
            moments.Add(moment);
        }

        return moments;
    }
}
