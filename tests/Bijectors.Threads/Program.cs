using System.Globalization;
using Bijectors.Threads;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;

// Threads [threads] [seconds] [threads of torch] [model...]: calls frozen flows of the zoo from several threads at
// once, compares every answer bit for bit with that of one thread alone, and says whether memory stays flat.
var numbers = args.TakeWhile(arg => int.TryParse(arg, CultureInfo.InvariantCulture, out _))
    .Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToList();
var names = args[numbers.Count..];
if (numbers.Count > 3 || numbers.Any(number => number < 1))
{
    Console.Error.WriteLine(
        "Threads: expected [threads] [seconds] [threads of torch] [model...], numbers of at least 1.");
    return 2;
}

var threads = numbers.ElementAtOrDefault(0) is var asked and > 0 ? asked : 8;
var seconds = numbers.ElementAtOrDefault(1) is var given and > 0 ? given : 60;
torch.set_num_threads(numbers.ElementAtOrDefault(2) is var inside and > 0 ? inside : 1);
MemoryTuning.ForSpeed();
var flows = ZooFlows.Of(names.Length == 0 ? Models.All : names.Select(Models.Named)).ToList();
var calls = new SharedCalls(flows, threads);
calls.Run(TimeSpan.FromSeconds(seconds));
var readings = calls.Memory.Readings;
Console.WriteLine(FormattableString.Invariant(
    $"{threads} threads, {torch.get_num_threads()} of torch, {seconds} s, {flows.Count} flows, ")
    + FormattableString.Invariant($"{readings.Count} rounds"));
Console.WriteLine(FormattableString.Invariant(
    $"{calls.Answers} answers, {calls.Wrong} other than those of one thread, bit for bit"));
Console.WriteLine("round   tensors   managed MiB   resident MiB");
foreach (var round in new[] { 1, readings.Count / 3, readings.Count * 2 / 3, readings.Count }.Distinct())
{
    var (tensors, managed, resident) = readings[Math.Max(0, round - 1)];
    Console.WriteLine(FormattableString.Invariant(
        $"{round,5} {tensors,9} {managed / 1048576.0,13:f2} {resident / 1048576.0,14:f1}"));
}

var growth = calls.Memory.Growth();
Console.WriteLine(growth.Count == 0 ? "Memory is flat." : string.Join('\n', growth));
if (calls.FirstFault is { } fault)
{
    Console.WriteLine(fault);
}

flows.ForEach(flow => flow.Dispose());
return calls.Wrong == 0 && growth.Count == 0 ? 0 : 1;
