using System.Net;
using Bijectors.Serving;

namespace Bijectors.Cli;

/// <summary>Where a service listens and how much it takes.</summary>
internal sealed record ServeOptions
{
    public IPAddress Host { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for one that is free.</summary>
    public int Port { get; init; }

    /// <summary>The most rows, to score or to draw, of one request.</summary>
    public int MaxRows { get; init; } = 10_000;

    /// <summary>The most numbers that a request gives or gets.</summary>
    public int MaxNumbers { get; init; } = 1_000_000;

    /// <summary>The most bytes of a request's body.</summary>
    public long MaxBody { get; init; } = 8 << 20;

    /// <summary>How requests are collected into batches.</summary>
    public FlowQueueOptions Queue { get; init; } = new();
}
