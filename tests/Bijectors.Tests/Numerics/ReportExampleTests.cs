using System.Text.RegularExpressions;
using Bijectors.Testing;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>The example of <c>docs/numerics.md</c> is what comes out.</summary>
public sealed class ReportExampleTests
{
    [Fact]
    public void The_report_in_the_docs_is_true()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var flow = Flow.On(Shape.Vector(4), seed: 1)
            .ActNorm().Linear().AffineCoupling(hidden: 16)
            .Linear().AffineCoupling(hidden: 16, scale: ScaleMap.Exponential)
            .Into(Distribution.StandardNormal);
        var data = randn(1000, 4, generator: generator);
        using (no_grad())
        {
            // As if training had let it go.
            var bias = flow.named_parameters().Last().parameter;
            bias[0].fill_(-12);
            bias[2].fill_(1);
        }

        var report = InvertibilityReport.Of(flow, data);
        Console.WriteLine(report);
        Assert.Contains(Masked(report.ToString()), Masked(File.ReadAllText(NumericsPage.Path)));
    }

    /// <summary>Another processor has other last digits.</summary>
    private static string Masked(string text) =>
        Regex.Replace(Regex.Replace(text, @"(< )?-?\d[\d.,]*(e-?\d+)?", "#"), @"\s+", " ").Trim();
}
