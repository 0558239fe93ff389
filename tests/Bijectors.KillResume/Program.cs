using System.Diagnostics;
using System.Globalization;
using Bijectors.KillResume;

// KillResume [kills] [seed] [options of bijectors train]: kills training runs with SIGKILL at random moments, resumes
// each from its checkpoint until it ends, and compares the saved model byte for byte with that of a run that nobody
// disturbed.
var kills = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
var random = new Random(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0);
string[] training = args.Length > 2
    ? args[2..]
    : ["--model", "realnvp", "--data", "digits", "--steps", "60", "--batch", "50", "--ema", "0.99", "--patience", "50"];

var folder = Directory.CreateTempSubdirectory("bijectors-kill-").FullName;
try
{
    var clock = Stopwatch.StartNew();
    var expected = KilledRun.Undisturbed(folder, training);
    var whole = clock.Elapsed;
    Console.WriteLine($"undisturbed: {whole.TotalSeconds:f1} s: bijectors train {string.Join(' ', training)}");

    var (done, runs, equal, writing) = (0, 0, 0, 0);
    var steps = new List<long>();
    string[] intervals = ["1", "7", "0.1s"];
    while (done < kills)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, $"run{runs}")).FullName;
        var run = new KilledRun(place, training, intervals[runs % intervals.Length]);
        byte[]? model = null;

        // Once, twice or three times; then the run may end.
        var last = Math.Min(kills, done + 1 + random.Next(3));
        while (model is null)
        {
            // Anywhere in what an undisturbed run would take, from the start of the process on.
            var moment = whole * random.NextDouble();
            model = run.Go(done < last ? process => !process.WaitForExit(moment) : null);
            if (model is null)
            {
                done++;
                writing += run.WasWriting() ? 1 : 0;
                run.Tidy();
                steps.Add(run.Steps());
            }
        }

        runs++;
        equal += model.AsSpan().SequenceEqual(expected) ? 1 : 0;
    }

    Console.WriteLine($"{done} kills in {runs} runs, {clock.Elapsed.TotalSeconds:f0} s; {writing} while a file was "
        + $"written; {steps.Count(step => step == 0)} before the first checkpoint; the others behind steps "
        + string.Join(' ', steps.Where(step => step > 0)));
    Console.WriteLine($"{equal} of {runs} models equal to the undisturbed one, byte for byte");
    return equal == runs ? 0 : 1;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
