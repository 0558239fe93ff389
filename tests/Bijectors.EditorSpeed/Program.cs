using System.Diagnostics;
using System.Globalization;
using Bijectors.EditorSpeed;
using Bijectors.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

const int Rounds = 6;

// What marked classes cost whoever types in the same project:
// dotnet run -c Release --project tests/Bijectors.EditorSpeed [classes]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var classes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300;
var best = new Dictionary<string, (double Time, string More)>();
var header = "";
for (var round = 0; round < Rounds; round++)
{
    Measure();
}

Console.WriteLine(header);
var bind = best["binding everything without the generator"].Time;
foreach (var (what, (time, more)) in best)
{
    Console.WriteLine($"{what,-60} {time,6:f0} ms {time / bind,7:f2}  {more}");
}

// Everything in one round, so that whatever else the machine does then is in all times of it; the shortest of each is
// shown.
void Measure()
{
    // Another compilation of the same text, so that nothing of one is there for the other.
    var without = ManyClasses.Of(classes);
    Keep("binding everything without the generator", Time(() => Bind(without, without.SyntaxTrees), out _));
    var edited = Edit(without, "a remark", "another remark");
    Keep("binding everything again after an edit", Time(() => Bind(edited, edited.SyntaxTrees), out _));

    var compilation = ManyClasses.Of(classes);
    Bind(compilation, compilation.SyntaxTrees.Take(1));
    GeneratorDriver driver = CSharpGeneratorDriver.Create(
        [new BijectorGenerator().AsSourceGenerator()], parseOptions: new(LanguageVersion.Latest),
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    Keep("the generator, first run", Time(() => driver.RunGenerators(compilation), out driver!));
    var result = driver.GetRunResult().Results[0];
    var characters = result.GeneratedSources.Sum(s => s.SourceText.Length) / 1e6;
    header = $"{classes} classes, {result.GeneratedSources.Length} halves of {characters:f2} million characters";
    foreach (var (what, old, @new) in ((string, string, string)[])
    [
        ("a remark elsewhere", "a remark", "another remark"),
        ("a body elsewhere", "k / 2", "k / 3"),
        ("a class elsewhere", "public static", "public static class More { }\npublic static"),
    ])
    {
        var after = Edit(compilation, old, @new);

        // The editor binds the file that is edited anyway.
        Bind(after, after.SyntaxTrees.Take(1));
        var time = Time(() => driver.RunGenerators(after), out var next);
        var steps = next!.GetRunResult().Results[0].TrackedSteps[BijectorGenerator.ReadStep];
        var read = steps.SelectMany(s => s.Outputs)
            .Count(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);
        Keep($"the generator after an edit of {what}", time, $"{read} classes read again");
    }
}

void Keep(string what, double time, string more = "") =>
    best[what] = best.TryGetValue(what, out var known) && known.Time < time ? known : (time, more);

static int Bind(Compilation compilation, IEnumerable<SyntaxTree> trees) =>
    trees.Sum(tree => compilation.GetSemanticModel(tree).GetDiagnostics().Length);

static Compilation Edit(Compilation compilation, string old, string @new)
{
    var tree = compilation.SyntaxTrees.First();
    var at = ManyClasses.Edited.IndexOf(old, StringComparison.Ordinal);
    var text = ManyClasses.Edited.Remove(at, old.Length).Insert(at, @new);
    return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(text)));
}

static double Time<T>(Func<T> work, out T result)
{
    GC.Collect();
    var watch = Stopwatch.StartNew();
    result = work();
    return watch.Elapsed.TotalMilliseconds;
}
