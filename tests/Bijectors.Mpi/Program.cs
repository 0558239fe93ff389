using System.Globalization;
using Bijectors.Distributed;
using Bijectors.Mpi;

// Without arguments it starts itself on one and on several ranks and compares: losses, weights, what becomes of a rank
// that dies, a run that is killed and resumed, times. With arguments, a case of Cases, it is one of those ranks.
if (args.Length > 0)
{
    return MpiJob.Run(ranks => Cases.Run(ranks, args));
}

if (Job.Launcher() is not { } launcher)
{
    Console.WriteLine("skipped: no mpirun here (Debian: openmpi-bin)");
    return 0;
}

Console.WriteLine(launcher);
var failed = 0;
foreach (var (model, dtype, tolerance) in (ReadOnlySpan<(string, string, double)>)
    [("realnvp", "Float64", 1e-10), ("realnvp", "Float32", 1e-5), ("mixerflow", "Float32", 1e-5)])
{
    var one = Trained.Read(Job.Output(1, "train", model, dtype));
    foreach (var ranks in (int[])[2, 3])
    {
        var several = Trained.Read(Job.Output(ranks, "train", model, dtype));
        var difference = several.DifferenceTo(one);
        var weights = several.HasEqualRanks ? "byte for byte the same" : "DIFFER";
        Expect(
            difference <= tolerance && several.HasEqualRanks && several.Weights.Count == ranks,
            $"{model}, {dtype}, {ranks} ranks: losses differ by {difference:0.0e0} of one process (at most "
            + $"{tolerance:0e0}), weights of the ranks {weights}");
    }
}

var plain = Trained.Read(Job.Output(2, "train", "realnvp", "Float32"));
var overlapped = Trained.Read(Job.Output(2, "train", "realnvp", "Float32", "overlap"));
Expect(
    plain.Weights.SequenceEqual(overlapped.Weights),
    "2 ranks with overlap: the weights are those without, byte for byte");

foreach (var (how, sign) in (ReadOnlySpan<(string, string)>)[("throw", "rank 1 of 2"), ("kill", "signal 9")])
{
    var (output, error, exitCode, seconds) = Job.Start(2, "train", "realnvp", "Float32", how, "5");
    Expect(
        exitCode != 0 && (error + output).Contains(sign, StringComparison.Ordinal),
        $"{how} on rank 1: the job ends with exit code {exitCode} after {seconds:f1} s and names \"{sign}\"");
}

var folder = Directory.CreateTempSubdirectory("bijectors-mpi-").FullName;
try
{
    var file = Path.Combine(folder, "run.safetensors");
    Job.Start(2, "train", "realnvp", "Float32", "kill", "35", "checkpoint", file);
    File.Copy(file, file + ".copy");
    var same = Trained.Read(Job.Output(2, "train", "realnvp", "Float32", "checkpoint", file));
    Expect(
        same.Weights.SequenceEqual(plain.Weights) && same.DifferenceTo(plain) == 0,
        "killed at step 35 of 60, resumed on 2 ranks: losses and weights of the undisturbed run, byte for byte");
    var fewer = Trained.Read(Job.Output(1, "train", "realnvp", "Float32", "checkpoint", file + ".copy"));
    var difference = fewer.DifferenceTo(plain);
    Expect(difference <= 1e-5, $"the same, resumed in one process: losses differ by {difference:0.0e0} (at most 1e-5)");
}
finally
{
    Directory.Delete(folder, recursive: true);
}

Console.WriteLine("Sums over 2 ranks, median and best of 60:");
foreach (var row in Rows(Job.Output(2, "link"), "link"))
{
    Console.WriteLine($"  {row[0],9} bytes: {1e6 * row[1],8:f1} us, {1e6 * row[2],8:f1} us");
}

foreach (var model in (string[])["realnvp", "mixerflow"])
{
    var one = Rows(Job.Output(1, "speed", model, "256"), "speed");
    var half = Rows(Job.Output(1, "speed", model, "128"), "speed");
    var two = Rows(Job.Output(2, "speed", model, "256"), "speed");
    var (alone, without, with) = (one[0][1], two[0][1], two[1][1]);
    Console.WriteLine(
        $"{model}, {one[0][3]:f0} bytes of gradient, batch 256: {1e3 * alone:f1} ms a step on 1 rank; 2 ranks are "
        + $"{alone / without:f2} times as fast, with overlap {alone / with:f2} times; work of 1 rank at batch 128 "
        + $"{half[0][4] / one[0][4]:f2} of that at 256");
}

Console.WriteLine(failed == 0 ? "all checks passed" : $"{failed} checks FAILED");
return failed == 0 ? 0 : 1;

void Expect(bool holds, string what)
{
    failed += holds ? 0 : 1;
    Console.WriteLine($"{(holds ? "ok    " : "FAILED")} {what}");
}

static List<double[]> Rows(string output, string kind) =>
[
    .. output.Split('\n').Where(line => line.Contains(kind + " ", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf(kind + " ", StringComparison.Ordinal)..].Trim().Split(' ')[1..]
            .Select(Number).ToArray()),
];

static double Number(string text) =>
    bool.TryParse(text, out var yes) ? (yes ? 1 : 0) : double.Parse(text, CultureInfo.InvariantCulture);
