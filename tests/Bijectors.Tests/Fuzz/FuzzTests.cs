using Bijectors.Data;
using Bijectors.Fuzz;

namespace Bijectors.Tests.Fuzz;

/// <summary>
/// Changed inputs in this process, a few of each kind; <c>tests/Bijectors.Fuzz</c> takes as many as wanted, and
/// survives a crash.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int Inputs = 60;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bijectors-fuzz-");

    public static TheoryData<string> Kinds =>
        [.. FileTargets.All().Select(target => target.Name), "spec", "saved flow", "declaration of a saved flow",
            "declaration"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changed_inputs_are_answered_or_refused_with_a_clear_sentence(string kind)
    {
        var target = Targets.Named(kind);
        target.Prepare(_folder.FullName);
        var place = _folder.CreateSubdirectory("input").FullName;
        Assert.All(target.Seeds, seed => Assert.Null(target.Run(seed, place)));
        for (var i = 0; i < Inputs; i++)
        {
            target.Run(Bijectors.Fuzz.Inputs.Of(target, seed: 5, i), place);
        }
    }

    [Theory]
    [InlineData(typeof(NullReferenceException), "x")]
    [InlineData(typeof(IndexOutOfRangeException), "x")]
    [InlineData(typeof(ObjectDisposedException), "x")]
    [InlineData(typeof(ArgumentException), "Value cannot be null.")]
    [InlineData(typeof(ArgumentException), "a\u001b[31m")]
    [InlineData(typeof(ArgumentException), "")]
    public void What_is_no_clear_refusal_is_found(Type type, string message) => Assert.Throws<Finding>(
        () => Refusal.Of((Exception)Activator.CreateInstance(type, message)!));

    [Fact]
    public void Messages_show_control_characters_of_a_file_and_cut_what_is_long()
    {
        var path = Path.Combine(_folder.FullName, "a.csv");
        File.WriteAllText(path, "a\n1\n2\u001b[31m\u202e\n");
        Assert.Contains("got '2\\u001B[31m\\u202E'", Message());
        File.WriteAllText(path, $"{new string('n', 9_000)}\n1\nx\n");
        Assert.InRange(Message().Length, 100, 2_000);

        string Message() => Assert.Throws<DataException>(() => Datasets.Open(path)).Message;
    }

    [Fact]
    public void The_same_seed_gives_the_same_input_whatever_came_before()
    {
        var target = Targets.Named("csv");
        var first = Bijectors.Fuzz.Inputs.Of(target, 1, 7);
        Bijectors.Fuzz.Inputs.Of(target, 1, 8);
        Assert.Equal(first, Bijectors.Fuzz.Inputs.Of(target, 1, 7));
        Assert.NotEqual(first, Bijectors.Fuzz.Inputs.Of(target, 2, 7));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
