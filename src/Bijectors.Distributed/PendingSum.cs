namespace Bijectors.Distributed;

/// <summary>A sum over ranks that is under way.</summary>
public abstract class PendingSum
{
    /// <summary>Lets the transfer advance, and says whether the sum is there. Where the system does not transfer by
    /// itself, calling it now and then is what overlaps transfer and computation.</summary>
    public abstract bool Advance();

    /// <summary>Waits until the sum is there.</summary>
    public abstract void Wait();
}
