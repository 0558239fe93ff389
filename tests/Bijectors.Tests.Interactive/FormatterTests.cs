using System.Text.RegularExpressions;
using Bijectors.Interactive;
using Bijectors.Testing;
using Bijectors.Training;
using Microsoft.DotNet.Interactive.Formatting;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Interactive;

/// <summary>What a notebook shows of a value, asked of the formatters as a notebook asks.</summary>
public class FormatterTests
{
    public FormatterTests() => NotebookFormatters.Register();

    [Fact]
    public void A_flow_is_a_table_of_its_layers()
    {
        using var flow = Flow.On(Shape.Image(1, 4, 4), seed: 1).Dequantize(levels: 17).Logit()
            .Patchify(2)
            .Mix(Axis.Channels, layer => layer.AffineCoupling(hidden: 8))
            .Into(Distribution.StandardNormal);
        var html = Shown(flow);
        Assert.Contains("<td>levels 0..16</td>", html, StringComparison.Ordinal);
        Assert.Contains($"<td>{flow.ParameterCount:N0}</td>", html, StringComparison.Ordinal);
        Assert.All(
            flow.DescriptionLines(),
            line => Assert.Contains($"<td>{line.Name}</td>", html, StringComparison.Ordinal));
    }

    [Fact]
    public void A_conditional_flow_names_the_shape_of_its_context()
    {
        using var flow = Flow.On(Shape.Vector(2), seed: 1).Conditional(5).AffineCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);
        Assert.Contains($"<td>context</td><td>{Shape.Vector(5)}</td>", Shown(flow), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_a_row_are_a_histogram_that_counts_each()
    {
        using var generator = new Generator(1);
        using var numbers = randn(1000, generator: generator);
        numbers[0] = double.NaN;
        numbers[1] = double.PositiveInfinity;
        var html = Shown(numbers);
        var counts = Regex.Matches(html, "<title>([0-9]+)</title>").Select(match => int.Parse(match.Groups[1].Value));
        Assert.Equal(998, counts.Sum());
        Assert.Contains("<td>(1000)</td><td>Float32</td><td>cpu</td>", html, StringComparison.Ordinal);
        Assert.Contains("<td>2</td>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, new long[] { 28, 28 })]
    [InlineData(true, new long[] { 3, 16, 16 })]
    [InlineData(true, new long[] { 1, 16, 64 })]
    [InlineData(false, new long[] { 1000, 8 })]
    [InlineData(false, new long[] { 5, 16 })]
    [InlineData(false, new long[] { 2, 16, 16 })]
    [InlineData(false, new long[] { 4, 3, 16, 16 })]
    public void What_looks_like_an_image_is_a_picture(bool isPicture, long[] shape)
    {
        using var generator = new Generator(1);
        using var values = rand(shape, generator: generator);
        var found = Regex.Match(Shown(values), "src=\"data:image/png;base64,([A-Za-z0-9+/=]+)\"");
        Assert.Equal(isPicture, found.Success);
        if (isPicture)
        {
            Assert.Equal("PNG"u8.ToArray(), Convert.FromBase64String(found.Groups[1].Value)[1..4]);
        }
    }

    [Fact]
    public void A_tensor_of_any_kind_is_shown()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("<td>7</td>", Shown(tensor(7)), StringComparison.Ordinal);
        Assert.Contains("<td>(0, 3)</td>", Shown(empty(0, 3)), StringComparison.Ordinal);
        Assert.Contains("<td>Bool</td>", Shown(tensor(new[] { true, false })), StringComparison.Ordinal);
        Assert.Contains(
            "<td>ComplexFloat32</td>", Shown(zeros(2, ScalarType.ComplexFloat32)), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", Shown(ones(100)), StringComparison.Ordinal);
        Assert.Contains("<td>...</td>", Shown(zeros(20, 20)), StringComparison.Ordinal);
        var disposed = ones(3);
        disposed.Dispose();
        Assert.Contains("disposed", Shown(disposed), StringComparison.Ordinal);
    }

    [Fact]
    public void Showing_a_tensor_leaves_it_as_it_was_and_nothing_behind()
    {
        using var values = rand(32, 32).requires_grad_();
        Shown(values);
        var before = Tensor.TotalCount;
        Shown(values);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(values.requires_grad && values.grad is null);
    }

    [Fact]
    public void A_training_is_its_result_and_two_lines()
    {
        using var generator = new Generator(1);
        using var train = randn(256, 2, generator: generator);
        using var validation = randn(64, 2, generator: generator);
        using var flow = Flow.On(Shape.Vector(2), seed: 1).AffineCoupling(hidden: 8).Into(Distribution.StandardNormal);
        var result = Trainer.Train(flow, new TrainingData(train, validation), new TrainingOptions { Epochs = 3 });
        var html = Shown(result);
        Assert.Equal(2, Regex.Count(html, "<polyline"));
        Assert.Contains($"{result.BestValidationLoss:f4} nats", html, StringComparison.Ordinal);
        var alone = result with { History = [.. result.History.Select(at => at with { ValidationLoss = null })] };
        Assert.Equal(1, Regex.Count(Shown(alone), "<polyline"));
    }

    [Fact]
    public void A_report_names_each_layer()
    {
        using var generator = new Generator(1);
        using var data = randn(32, 2, generator: generator);
        using var flow = Flow.On(Shape.Vector(2), seed: 1).Linear().AffineCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);
        var report = InvertibilityReport.Of(flow, data);
        var html = Shown(report);
        Assert.All(
            report.Layers,
            layer => Assert.Contains($"<td>{System.Net.WebUtility.HtmlEncode(layer.Layer)}</td>", html,
                StringComparison.Ordinal));
    }

    [Fact]
    public void Text_of_values_is_encoded_and_nothing_is_loaded_or_run()
    {
        const string hostile = "<script>alert('&\")</script>";
        var html = Markup.Block(Markup.Line(hostile), Markup.Table([hostile], [[hostile]])).Text;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Equal(3, Regex.Count(html, "&lt;script&gt;alert\\(&#39;&amp;&quot;\\)&lt;/script&gt;"));

        using var flow = Flow.On(Shape.Vector(2), seed: 1).Then(new Hostile()).Into(Distribution.StandardNormal);
        var table = Shown(flow);
        Assert.Contains("&lt;script&gt;", table, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", table, StringComparison.Ordinal);
        Assert.DoesNotContain("http", table, StringComparison.Ordinal);
    }

    private static string Shown(object value)
    {
        Assert.Equal("text/html", Formatter.GetPreferredMimeTypesFor(value.GetType()).First());
        return value.ToDisplayString("text/html");
    }
}
