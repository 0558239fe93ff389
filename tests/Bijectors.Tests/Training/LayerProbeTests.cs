using System.Text.Json;
using Bijectors.Testing;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>The layers of a flow over its training, and a recording of them that is resumed.</summary>
public sealed class LayerProbeTests : IDisposable
{
    private static readonly TrainingOptions Short = new()
    {
        Steps = 14,
        BatchSize = 30,
        LearningRate = 5e-3,
        WarmupSteps = 3,
        Validations = 7,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("bijectors-").FullName;
    private readonly Tensor _points = Toy.Points(100, 1);

    private string At => Path.Combine(_folder, "run.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32, 1e-4)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Log_dets_of_layers_add_up_to_that_of_the_flow_also_inside_of_composites(ScalarType dtype, double bound)
    {
        using var flow = Flow.On(Shape.Image(2, 4, 4), seed: 1)
            .Squeeze()
            .ActNorm()
            .FactorOut(rest => rest.ActNorm().Conv1x1().AffineCoupling(8), hidden: 4)
            .Into(Distribution.StandardNormal);
        flow.to(dtype);
        using var generator = new Generator(2);
        var images = randn([40, 2, 4, 4], dtype: dtype, generator: generator);
        flow.Initialize(images);
        using var probe = new LayerProbe(flow, images, count: 16);
        var snapshot = probe.Measure(3, 20);
        Assert.Equal((3, 20, 16), (snapshot.Epoch, snapshot.Step, probe.Count));
        Assert.True(snapshot.Layers.Count >= 5, $"{snapshot.Layers.Count} layers");
        Assert.Equal(snapshot.LogDet, snapshot.Layers.Sum(layer => layer.LogDet), bound * 32);
        var chosen = images.index_select(0, tensor(Enumerable.Range(0, 16).Select(i => i * 40L / 16).ToArray()));
        var logDets = flow.Encode(chosen).LogDet.to(ScalarType.Float64);
        Assert.Equal(logDets.mean().ToDouble(), snapshot.LogDet, bound * 32);
        Assert.Equal(logDets.std(unbiased: false).ToDouble(), snapshot.LogDetDeviation, bound * 32);
        Assert.InRange(snapshot.Roundings, 0, 1e3);
    }

    [Fact]
    public void The_condition_is_that_of_the_matrix_and_power_iteration_stays_below_it()
    {
        using var generator = new Generator(3);
        using var linear = new PluLinear(6, generator);
        using var flow = Flow.On(Shape.Vector(6)).Then(linear).Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.5 * randn(parameter.shape, ScalarType.Float64, generator: generator));
            }
        }

        var values = linalg.svdvals(linear.Weight());
        var condition = (values.max() / values.min()).ToDouble();
        var points = randn([20, 6], ScalarType.Float64, generator: generator);
        using var exact = new LayerProbe(flow, points);
        using var estimated = new LayerProbe(flow, points, mostDimensions: 2);
        Assert.Equal(condition, exact.Measure().Layers.Single().Condition, 1e-9 * condition);
        Assert.InRange(estimated.Measure().Layers.Single().Condition, 0.5 * condition, (1 + 1e-6) * condition);
        Assert.Equal(12, LayerProbe.PowerIterations);
    }

    [Fact]
    public void Looking_at_a_run_changes_none_of_its_numbers()
    {
        var expected = Trained(watched: false);
        Assert.True(expected.Equals(Trained(watched: true)));

        // A flow whose log-det is estimated: snapshots draw from no generator of the run.
        Tensor Trained(bool watched)
        {
            using var noise = new Generator(4);
            using var start = new Generator(5);
            using var flow = Flow.On(Shape.Vector(2))
                .Then(new ResidualLayer(new LipschitzMlp(2, 8, 1, start), new LogDetEstimator(noise)))
                .ActNorm()
                .Into(Distribution.StandardNormal);
            using var probe = new LayerProbe(flow, _points);
            var recording = new Recording<LayerSnapshot>(now => probe.Measure(now.Epoch, now.Step), LayerSnapshot.Json);
            Trainer.Train(
                flow, new TrainingData(_points, _points), Short with { Callbacks = watched ? [recording] : [] });
            Assert.Equal(watched, recording.Values.Count >= 7);
            return Toy.Weights(flow).clone();
        }
    }

    [Fact]
    public void A_recording_is_resumed_with_the_run_bit_for_bit()
    {
        var (expected, weights) = Run(null);
        Assert.Equal([2, 8, 14], expected.Select(snapshot => snapshot.Step));
        for (var dies = 1; dies < Short.Steps; dies++)
        {
            Assert.Throws<InvalidOperationException>(() => Run(new(At) { EverySteps = 3 }, dies));
            var (resumed, same) = Run(new(At) { EverySteps = 3, Resume = true });
            Assert.True(weights.Equals(same), $"after step {dies}");
            Assert.Equal(
                expected.Select(snapshot => JsonSerializer.Serialize(snapshot, LayerSnapshot.Json)),
                resumed.Select(snapshot => JsonSerializer.Serialize(snapshot, LayerSnapshot.Json)));
            File.Delete(At);
        }

        (IReadOnlyList<LayerSnapshot> Snapshots, Tensor Weights) Run(Checkpoints? checkpoints, int dies = 0)
        {
            using var flow = Toy.Flow();
            using var probe = new LayerProbe(flow, _points);
            var layers = new Recording<LayerSnapshot>(now => probe.Measure(now.Epoch, now.Step), LayerSnapshot.Json)
            {
                Snapshots = 2,
            };
            var death = TrainingCallback.From(now =>
            {
                if (now.Step == dies)
                {
                    throw new InvalidOperationException("It dies.");
                }
            });
            Trainer.Train(flow, new TrainingData(_points, _points), Short with
            {
                Callbacks = [death, layers],
                Checkpoints = checkpoints is null ? null : checkpoints with { Parts = [("layers", layers)] },
            });
            return (layers.Values, Toy.Weights(flow).clone());
        }
    }

    [Fact]
    public void A_layer_that_goes_bad_is_named_with_the_step_from_which_it_is()
    {
        using var generator = new Generator(3);
        using var linear = new PluLinear(4, generator);
        using var flow = Flow.On(Shape.Vector(4)).ActNorm().Then(linear).Into(Distribution.StandardNormal);
        using var probe = new LayerProbe(flow, randn([20, 4], generator: generator));
        var healthy = probe.Measure(1, 10);
        using (no_grad())
        {
            foreach (var (name, parameter) in linear.named_parameters())
            {
                parameter.mul_(name.Contains("log", StringComparison.OrdinalIgnoreCase) ? 1 : 100);
            }
        }

        var ill = probe.Measure(2, 1_000);
        Assert.Empty(LayerHistory.Findings([]));
        Assert.Empty(LayerHistory.Findings([healthy]));
        // What has healed is no finding.
        Assert.DoesNotContain(LayerHistory.Findings([ill, healthy]), text => text.Contains("ill conditioned"));
        Assert.Contains(LayerHistory.Findings([healthy, ill]), text =>
            text.StartsWith($"{ill.Layers[^1].Path} (PluLinear(4)) is ill conditioned from step 1,000 on", default));
        var lost = ill with { Layers = [ill.Layers[0] with { LogDet = double.NaN }, ill.Layers[1]], RoundTrip = 0.1 };
        var findings = LayerHistory.Findings([healthy, lost]);
        Assert.Contains(findings, text => text.EndsWith("is not finite at step 1,000", default));
        Assert.Contains(findings, text => text.StartsWith("points come back off by up to 0.1", default));
    }

    [Fact]
    public void Snapshots_are_a_table_with_a_row_for_each_layer()
    {
        using var flow = Toy.Flow(levels: 8);
        using var probe = new LayerProbe(flow, (_points + 4).clamp(0, 7).floor());
        var snapshot = probe.Measure(1, 7);
        var rows = LayerHistory.ToCsv([snapshot]).TrimEnd('\n').Split('\n');
        Assert.Equal(snapshot.Layers.Count + 2, rows.Length);
        Assert.Equal("epoch,step,path,layer,log_det,log_det_deviation,condition,round_trip,roundings", rows[0]);
        Assert.All(rows, row => Assert.True(row.Split(',').Length >= 9));
        Assert.Contains(rows, row => row.Contains("\"Affine("));
        Assert.StartsWith("1,7,flow,,", rows[^1]);
        var json = JsonSerializer.Serialize(snapshot with { RoundTrip = double.PositiveInfinity }, LayerSnapshot.Json);
        var back = JsonSerializer.Deserialize(json, LayerSnapshot.Json)!;
        Assert.Equal((snapshot.LogDet, double.PositiveInfinity), (back.LogDet, back.RoundTrip));
        Assert.Equal(snapshot.Layers, back.Layers);
    }

    [Fact]
    public void The_layers_of_a_run_are_written_beside_it()
    {
        using var flow = Toy.Flow();
        var (train, validation, options, path) = (_points, Toy.Points(40, 2), Short, Path.Combine(_folder, "layers"));
        using var probe = new LayerProbe(flow, validation);
        var layers = new Recording<LayerSnapshot>(now => probe.Measure(now.Epoch, now.Step), LayerSnapshot.Json)
        {
            Snapshots = 10,
        };
        Trainer.Train(flow, new TrainingData(train, validation), options with { Callbacks = [layers] });
        File.WriteAllText(path, LayerHistory.ToCsv(layers.Values));
        foreach (var finding in LayerHistory.Findings(layers.Values))
        {
            Console.WriteLine(finding);
        }

        Assert.Equal(1 + layers.Values.Sum(snapshot => snapshot.Layers.Count + 1), File.ReadAllLines(path).Length);
        Assert.Equal(14, layers.Values[^1].Step);
    }

    [Fact]
    public void What_is_wrong_is_refused()
    {
        using var flow = Toy.Flow();
        Assert.Contains("LayerProbe: expected items (N, 2)",
            Assert.Throws<ArgumentException>(() => new LayerProbe(flow, zeros(3, 3))).Message);
        Assert.Contains("expected no context",
            Assert.Throws<ArgumentException>(() => new LayerProbe(flow, _points, _points)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerProbe(flow, _points, count: 0));
        Assert.Throws<ArgumentException>(() => Of(snapshots: -1, null));
        Assert.Throws<ArgumentException>(() => Of(snapshots: 1, 0));

        static Recording<LayerSnapshot> Of(int snapshots, double? share) =>
            new(_ => null!, LayerSnapshot.Json) { Snapshots = snapshots, Share = share };
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _scope.Dispose();
    }
}
