using System.Globalization;
using Bijectors.ServiceLoad;

// ServiceLoad [requests a second, between commas] [seconds] [rows] [patience]: sends the same load to two services of
// examples/Service, one that batches requests and one that runs each by itself, in turns of a few seconds, and prints
// what became of the requests, with the ratio of the latencies.
var rates = (args.ElementAtOrDefault(0) ?? "100,400,800").Split(',')
    .Select(rate => double.Parse(rate, CultureInfo.InvariantCulture));
var seconds = double.Parse(args.ElementAtOrDefault(1) ?? "20", CultureInfo.InvariantCulture);
var rows = int.Parse(args.ElementAtOrDefault(2) ?? "1", CultureInfo.InvariantCulture);
var patience = double.Parse(args.ElementAtOrDefault(3) ?? "1", CultureInfo.InvariantCulture);
const double Turn = 5;

using var batched = new ServiceProcess();
using var single = new ServiceProcess("--batch", "1");
(string Name, ServiceProcess Service)[] services = [("batched", batched), ("one by one", single)];

// What is compiled and loaded in the first seconds of a process is not what is measured.
foreach (var (_, service) in services)
{
    await LoadRun.Send(service.Address, new(100, rows, 5, patience), 0, new());
}

Console.WriteLine(FormattableString.Invariant(
    $"{seconds} s for each service at each rate, {rows} row(s) in a request, clients give up after {patience} s"));
Console.WriteLine("rate/s  service      answered  refused  cancelled  failed    p50 ms    p90 ms    p99 ms  p99.9 ms");
double[] shares = [0.5, 0.9, 0.99, 0.999];
foreach (var rate in rates)
{
    var results = services.ToDictionary(service => service.Name, _ => new LoadResult());
    for (var turn = 0; turn * Turn < seconds; turn++)
    {
        foreach (var (name, service) in services)
        {
            await LoadRun.Send(
                service.Address, new(rate, rows, Math.Min(Turn, seconds - (turn * Turn)), patience), turn + 1,
                results[name]);
        }
    }

    foreach (var (name, result) in results)
    {
        var latencies = string.Concat(
            shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{result.Percentile(share),10:f1}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rate,6}  {name,-11} {result.Answered,9} {result.Refused,8} {result.Cancelled,10} {result.Failed,7}")
            + latencies);
    }

    var ratios = string.Concat(shares.Select(share => string.Create(
        CultureInfo.InvariantCulture,
        $"{results["batched"].Percentile(share) / results["one by one"].Percentile(share),10:f2}")));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate,6}  {"ratio",-11} {"",37}{ratios}"));
}
