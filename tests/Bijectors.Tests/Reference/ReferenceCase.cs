using System.Runtime.CompilerServices;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>Inputs and outputs of one bijector of another library, computed there in float64.</summary>
internal sealed class ReferenceCase
{
    private readonly JsonElement _root;

    private ReferenceCase(JsonElement root) => _root = root;

    public static ReferenceCase Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")));
        return new(document.RootElement.Clone());
    }

    public Tensor Input(string name) => Read(_root.GetProperty("inputs").GetProperty(name));

    public bool Has(string name) => _root.GetProperty("inputs").TryGetProperty(name, out _);

    public Tensor Output(string name) => Read(_root.GetProperty("outputs").GetProperty(name));

    public double Number(string name) => _root.GetProperty("config").GetProperty(name).GetDouble();

    /// <summary>Holds a bijector to the case: y, log-det, and the way back.</summary>
    /// <param name="f">The bijector, in float64.</param>
    /// <param name="eventRank">How many dimensions of x are the event.</param>
    /// <param name="context">What it is conditioned on.</param>
    public void Check(Bijector f, int eventRank, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        Check(f, Input("x"), Output("y"), Output("log_det"), eventRank, context);
    }

    /// <summary>Holds a whole model to the case: the log-density, and the points that come back.</summary>
    /// <param name="transform">From data to base, in float64.</param>
    public void CheckModel(Bijector transform)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (x, context) = (Input("x"), Has("context") ? Input("context") : null);
        using var flow = new Flow(
            Shape.OfPart(x.shape.AsSpan()[1..]), transform, Distribution.StandardNormal,
            contextShape: context is null ? null : Shape.OfPart(context.shape.AsSpan()[1..]));
        flow.to(ScalarType.Float64);
        AssertClose(Output("log_prob"), flow.LogProb(x, context));
        AssertClose(x, flow.Transform.Inverse(flow.Transform.Forward(x, context), context));
    }

    /// <summary>Holds a bijector to published numbers: y, log-det, and the way back.</summary>
    /// <param name="f">The bijector, in float64.</param>
    /// <param name="x">Points.</param>
    /// <param name="y">Where they go.</param>
    /// <param name="logDet">The log-det there.</param>
    /// <param name="eventRank">How many dimensions of x are the event.</param>
    /// <param name="context">What it is conditioned on.</param>
    public static void Check(
        Bijector f, Tensor x, Tensor y, Tensor logDet, int eventRank, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (ours, ourLogDet) = f.ForwardWithLogDet(x, context, eventRank);
        var (back, backLogDet) = f.InverseWithLogDet(
            y, context, eventRank + f.OutputEventRank - f.EventRank);

        // A written y is rounded; where an elementwise map is flat, that alone moves x by this much.
        Tensor? rounding = eventRank == 0 ? 1.2e-16 * y.abs() * (-logDet).exp() : null;
        AssertClose(y, ours);
        AssertClose(logDet, ourLogDet);
        AssertClose(x, back, rounding);
        AssertClose(-logDet, backLogDet, rounding);
        AssertClose(y, f.Forward(x, context));
        AssertClose(x, f.Inverse(y, context), rounding);
    }

    public static void AssertClose(Tensor expected, Tensor actual, Tensor? rounding = null)
    {
        Assert.Equal(expected.shape, actual.shape);
        var excess = (expected - actual).abs() - (1e-10 * (1 + expected.abs()));
        var worst = (rounding is null ? excess : excess - rounding).max().item<double>();
        Assert.True(worst <= 0, $"Off by {worst:E2} more than the tolerance.");
    }

    private static Tensor Read(JsonElement tensor)
    {
        var data = tensor.GetProperty("data").EnumerateArray().Select(number => number.GetDouble()).ToArray();
        var shape = tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        return torch.tensor(data, ScalarType.Float64).reshape(shape);
    }

    private static string Folder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "Cases");
}
