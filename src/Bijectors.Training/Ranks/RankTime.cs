using System.Runtime.InteropServices;
using Bijectors.Distributed;

namespace Bijectors.Training;

/// <summary>
/// The time of a run on several ranks: that of the first one, as it was when they last met. What depends on time, as a
/// limit in seconds or a checkpoint that is due, is then decided alike on all of them; if each read its own clock, one
/// would stop and the others would wait for it. Of a single process it is the time.
/// </summary>
internal sealed class RankTime : TimeProvider
{
    private readonly Communicator _ranks;
    private readonly TimeProvider _time;
    private long _now;

    public RankTime(Communicator ranks, TimeProvider time)
    {
        (_ranks, _time) = (ranks, time);
        Meet();
    }

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override long GetTimestamp() => _ranks.Size == 1 ? _time.GetTimestamp() : _now;

    /// <summary>Takes the time of the first rank over.</summary>
    public void Meet()
    {
        if (_ranks.Size > 1)
        {
            // Frequencies of clocks may differ, so seconds are sent.
            Span<double> seconds = [_time.GetElapsedTime(0).TotalSeconds];
            _ranks.Broadcast(MemoryMarshal.AsBytes(seconds));
            _now = (long)(seconds[0] * TimestampFrequency);
        }
    }
}
