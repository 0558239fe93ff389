using Bijectors.Testing;
using TorchSharp;

namespace Bijectors.Tests.Laws;

/// <summary>
/// Test frameworks run tests side by side: what another test does must not look like something the bijector did.
/// </summary>
public sealed class ParallelTests
{
    private static readonly LawCase s_flow =
        new(_ => new ActNorm(Shape.Vector(4)) >> new Reverse() >> new LeakyRelu(0.3));

    [Fact]
    public void AnotherTestDrawsRandomNumbersAndMakesTensors()
    {
        using var before = torch.get_rng_state();
        using var stop = new CancellationTokenSource();
        var neighbour = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                torch.nn.Linear(64, 64).Dispose();
                Thread.Sleep(5);
            }
        });
        neighbour.Start();
        try
        {
            var law = BijectorLaws.All.Single(law => law.Name == "Deterministic");
            for (var i = 0; i < 100; i++)
            {
                law.Check(s_flow);
            }

            BijectorLaws.Check(s_flow);
        }
        finally
        {
            stop.Cancel();
            neighbour.Join();
            torch.set_rng_state(before);
        }
    }

    [Fact]
    public void ManyTestsCheckAllLaws() =>
        System.Threading.Tasks.Parallel.For(
            0, 8, new() { MaxDegreeOfParallelism = 4 }, _ => BijectorLaws.Check(s_flow));
}
