namespace Bijectors.ServiceLoad;

/// <summary>What became of the requests of a load.</summary>
internal sealed class LoadResult
{
    private readonly List<double> _seconds = [];
    private bool _sorted;

    public int Answered => _seconds.Count;

    /// <summary>Requests that the service refused, since its queue was full.</summary>
    public int Refused { get; private set; }

    /// <summary>Requests that clients gave up.</summary>
    public int Cancelled { get; private set; }

    /// <summary>Requests that failed otherwise.</summary>
    public int Failed { get; private set; }

    /// <summary>Counts one request.</summary>
    /// <param name="status">The status of the answer; 0 where the client gave up, -1 where there was none.</param>
    /// <param name="seconds">The time from when it was due, which may be before it could be sent.</param>
    public void Add(int status, double seconds)
    {
        lock (_seconds)
        {
            switch (status)
            {
                case 200:
                    _seconds.Add(seconds);
                    _sorted = false;
                    break;
                case 429:
                    Refused++;
                    break;
                case 0:
                    Cancelled++;
                    break;
                default:
                    Failed++;
                    break;
            }
        }
    }

    /// <summary>The latency that a share of the answered requests did not exceed, in milliseconds.</summary>
    public double Percentile(double share)
    {
        lock (_seconds)
        {
            if (!_sorted)
            {
                _seconds.Sort();
                _sorted = true;
            }

            var place = Math.Max(0, (int)Math.Ceiling(share * _seconds.Count) - 1);
            return _seconds.Count == 0 ? double.NaN : 1000 * _seconds[place];
        }
    }
}
