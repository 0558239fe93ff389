using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>
/// Data-dependent initialisation happens once in the life of a layer, and only where the batch can tell.
/// </summary>
public sealed class DataInitializationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void It_happens_once()
    {
        using var flow = Norm();
        flow.Initialize(Items(64, scale: 3, shift: 2));
        var first = State(flow);
        flow.Initialize(Items(64, scale: 9, shift: -5));
        Assert.Equal(first, State(flow));

        // A copy has been initialised as well.
        using var copy = Norm();
        copy.load_state_dict(flow.state_dict());
        copy.Initialize(Items(64, scale: 9, shift: -5));
        Assert.Equal(first, State(copy));
    }

    [Fact]
    public void A_layer_that_stands_in_two_places_is_set_where_the_data_reach_it_first()
    {
        var norm = new ActNorm(Shape.Vector(2));
        var x = Items(64, scale: 3, shift: 2);
        DataInitialization.Run(norm >> new Shift(5) >> norm, x);
        Assert.True(norm.Forward(x).mean([0]).abs().max().ToDouble() < 1e-5);
    }

    [Fact]
    public void Training_goes_on_without_setting_anything_again()
    {
        var data = new TrainingData(Items(256, scale: 3, shift: 5), null);
        foreach (var initialize in new[] { true, false })
        {
            using var flow = Deep();
            Trainer.Train(flow, data, new TrainingOptions { Steps = 3, Initialize = initialize });
            var trained = State(flow);
            Trainer.Train(flow, new TrainingData(Items(64, scale: 0.1, shift: 0), null),
                new TrainingOptions { Steps = 1, LearningRate = 1e-30 });
            Assert.Equal(trained, State(flow));
        }
    }

    [Fact]
    public void What_takes_no_gradients_is_left_alone()
    {
        foreach (var fixedName in new[] { "shift", "logScale" })
        {
            var norm = new ActNorm(Shape.Vector(2));
            foreach (var (name, parameter) in norm.named_parameters())
            {
                parameter.requires_grad_(name != fixedName);
            }

            DataInitialization.Run(norm, Items(64, scale: 3, shift: 2));
            foreach (var (name, parameter) in norm.named_parameters())
            {
                Assert.Equal(name == fixedName, (parameter == 0).all().item<bool>());
            }
        }
    }

    [Fact]
    public void What_has_no_spread_keeps_its_scale()
    {
        var norm = new ActNorm(Shape.Vector(4), floor: 0.5);
        var x = Items(64, scale: 2, shift: 7, features: 4);
        x[TensorIndex.Ellipsis, 1] = 0.1f;
        x[TensorIndex.Ellipsis, 2] = 1e6f / 3;
        x[0, 3] = float.NaN;
        DataInitialization.Run(norm, x);
        var (shift, logScale) = (norm.get_parameter("shift")!, norm.get_parameter("logScale")!);
        Assert.Equal([false, true, true, true], (logScale == 0).data<bool>().ToArray());
        Assert.InRange(logScale[0].exp().ToDouble(), 1.5, 2.5);
        Assert.Equal(0.1, shift[1].ToDouble(), 1e-6);
        Assert.Equal(0, shift[3].ToDouble());
    }

    [Fact]
    public void A_batch_too_small_to_tell_changes_nothing()
    {
        using var flow = Deep();
        var start = State(flow);
        flow.Initialize(Items(DataInitialization.FewestItems - 1, scale: 3, shift: 2));
        Assert.Equal(start, State(flow));

        // Places of an image are no items.
        using var image = Flow.On(Shape.Image(2, 8, 8)).ActNorm().Mix(Axis.Channels, m => m.ActNorm())
            .Into(Distribution.StandardNormal);
        start = State(image);
        image.Initialize(randn([1, 2, 8, 8], ScalarType.Float32, generator: _generator) + 3);
        Assert.Equal(start, State(image));

        flow.Initialize(Items(DataInitialization.FewestItems, scale: 3, shift: 2));
        Assert.NotEqual(start, State(flow));
    }

    [Fact]
    public void An_empty_batch_is_refused()
    {
        using var flow = Deep();
        var error = Assert.Throws<ArgumentException>(() => flow.Initialize(zeros(0, 2)));
        Assert.StartsWith(
            "DataInitialization: expected a batch of at least one item, got points of shape (0, 2).", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Small_batches_train_as_well_as_without_initialisation(int batchSize)
    {
        var data = new TrainingData(Items(60, 1, 0), Items(60, 1, 0));
        var losses = new[] { true, false }.Select(initialize =>
        {
            using var flow = Deep();
            return Trainer.Train(flow, data, new TrainingOptions
            {
                Epochs = 1,
                BatchSize = batchSize,
                Initialize = initialize,
            }).BestValidationLoss;
        }).ToArray();
        Assert.Equal(losses[1], losses[0]);
    }

    private Tensor Items(long count, double scale, double shift, long features = 2) =>
        (scale * randn([count, features], ScalarType.Float32, generator: _generator)) + shift;

    private static Flow Norm() => Flow.On(Shape.Vector(2)).ActNorm().Into(Distribution.StandardNormal);

    private static Flow Deep() => Flow.On(Shape.Vector(2))
        .Repeat(3, layer => layer.ActNorm().Linear().AffineCoupling(4)).Into(Distribution.StandardNormal);

    private static string State(nn.Module module) => string.Join(
        "\n", module.state_dict().Select(row =>
            $"{row.Key}: {string.Join(" ", row.Value.to(ScalarType.Float64).flatten().data<double>().ToArray())}"));
}
