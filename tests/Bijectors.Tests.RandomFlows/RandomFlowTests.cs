using Bijectors.RandomFlows;

namespace Bijectors.Tests.Laws;

/// <summary>
/// All laws on random flows, always the same ones; tests/Bijectors.RandomFlows draws as many as are wanted.
/// </summary>
public sealed class RandomFlowTests
{
    private const int Block = 10;

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 5)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Hold(int block)
    {
        using var output = new StringWriter();
        var report = FlowRun.Run(Enumerable.Range(block * Block, Block), seed: 1, size: 4, output);
        Assert.True(report.Failures == 0, output.ToString());
    }
}
