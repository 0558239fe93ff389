using Bijectors.Serving;
using Prometheus;

namespace Bijectors.Cli;

/// <summary>
/// Measurements of this process in the format of Prometheus: of the queue, of the web server and of the process.
/// </summary>
internal static class ServiceMetrics
{
    private static readonly string[] s_meters =
        [FlowQueue.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Where they are collected from the first use on.</summary>
    public static CollectorRegistry Registry { get; } = Listening();

    private static CollectorRegistry Listening()
    {
        var registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            MetricFactory = Metrics.WithCustomRegistry(registry),
            InstrumentFilterPredicate = instrument => s_meters.Contains(instrument.Meter.Name),
            ResolveHistogramBuckets = instrument => instrument.Unit == "s"
                ? Histogram.ExponentialBuckets(0.0005, 2, 16)
                : Histogram.ExponentialBuckets(1, 2, 12),
        });
        return registry;
    }
}
