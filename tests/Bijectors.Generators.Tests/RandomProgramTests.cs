using Bijectors.RandomPrograms.Draw;
using Bijectors.RandomPrograms.Print;
using Bijectors.RandomPrograms.Run;

namespace Bijectors.Generators.Tests;

/// <summary>
/// A few of the random programs, always the same ones; tests/Bijectors.RandomPrograms draws as many as are wanted.
/// </summary>
public sealed class RandomProgramTests
{
    [Fact]
    public void Well_formed_programs_obey_the_laws()
    {
        using var output = new StringWriter();
        var report = ValidRun.Run(Enumerable.Range(0, 60), seed: 8124, Features.All, output);
        Assert.True(report.Failures == 0, output.ToString());
    }

    [Fact]
    public void Ill_formed_programs_are_refused_for_the_right_reason()
    {
        using var output = new StringWriter();
        var report = InvalidRun.Run(Enumerable.Range(0, 60), seed: 1, Features.All, output);
        Assert.True(report.Failures == 0, output.ToString());
    }

    [Fact]
    public void A_program_is_determined_by_its_seed_and_its_index()
    {
        var once = Listing.Of(ProgramDrawer.Draw(seed: 5, index: 7, Features.All));
        Assert.Equal(once, Listing.Of(ProgramDrawer.Draw(seed: 5, index: 7, Features.All)));
        Assert.NotEqual(once, Listing.Of(ProgramDrawer.Draw(seed: 6, index: 7, Features.All)));
    }
}
