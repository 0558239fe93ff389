using Bijectors.Cli;
using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Cli;

/// <summary>A test that runs command lines in this process, in a folder of its own.</summary>
public abstract class CommandLineTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("bijectors-").FullName;

    protected string At(string name) => Path.Combine(Folder, name);

    /// <summary>Runs a command line and gives its exit code and what it wrote.</summary>
    protected static Run Line(params string[] args) => Start(new StringWriter(), default, args);

    /// <summary>Runs a command line and presses Ctrl-C as soon as it reports progress of the training.</summary>
    protected static Run Interrupted(params string[] args)
    {
        using var source = new CancellationTokenSource();
        return Start(new Watching(source.Cancel), source.Token, args);
    }

    /// <summary>Runs a command line and does something as soon as it reports progress of the training.</summary>
    protected static Run Meanwhile(Action act, params string[] args) => Start(new Watching(act), default, args);

    /// <summary>Runs a command line after Ctrl-C was pressed, as while its data were read.</summary>
    protected static Run InterruptedAtOnce(params string[] args) =>
        Start(new StringWriter(), new CancellationToken(canceled: true), args);

    /// <summary>Runs a command line that must fail with one sentence on the error stream.</summary>
    protected static string Failure(int exitCode, params string[] args)
    {
        var run = Line(args);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("error: ", run.Error);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.EndsWith(".\n", run.Error.ReplaceLineEndings("\n"));
        return run.Error;
    }

    /// <summary>A small set of 4 x 4 images with 4 levels, as a file.</summary>
    protected string TinyImages()
    {
        using var generator = new Generator(1);
        var path = At("tiny.npy");
        Npy.Write(path, randint(0, 4, [60, 1, 4, 4], ScalarType.Byte, generator: generator));
        return path;
    }

    /// <summary>A small set of vectors, as a file.</summary>
    protected string TinyVectors()
    {
        using var generator = new Generator(1);
        var path = At("vectors.npy");
        Npy.Write(path, randn(80, 3, generator: generator));
        return path;
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static Run Start(StringWriter output, CancellationToken cancellation, string[] args)
    {
        using (output)
        {
            using var error = new StringWriter();
            var exitCode = Application.Run(args, new Terminal(output, error), cancellation);
            return new Run(exitCode, output.ToString(), error.ToString());
        }
    }

    private sealed class Watching(Action act) : StringWriter
    {
        private bool _acted;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (!_acted && value is not null && value.Contains("steps/s", StringComparison.Ordinal))
            {
                _acted = true;
                act();
            }
        }
    }

    protected sealed record Run(int ExitCode, string Output, string Error);
}
