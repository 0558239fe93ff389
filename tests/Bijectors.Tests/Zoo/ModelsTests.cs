using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

public sealed class ModelsTests : IDisposable
{
    private static readonly Shape Digit = Shape.Image(1, 8, 8);

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> ModelNames => [.. Models.Names];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Options_survive_json(string name)
    {
        var model = Models.Named(name.ToUpperInvariant());
        var changed = model.With(model.Defaults, "hidden", "77");
        Assert.NotEqual(model.Defaults, changed);
        Assert.Equal(changed, model.FromJson(model.ToJson(changed)));
        Assert.Equal(model.Defaults, model.FromJson([]));
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Every_model_has_a_width_for_a_budget(string name)
    {
        var model = Models.Named(name);
        foreach (var budget in new[] { 40_000, 100_000, 400_000 })
        {
            var options = BudgetSearch.Fit(model, Digit, budget, levels: 17);
            using var flow = model.Create(Digit, options, 17);
            Assert.InRange(flow.ParameterCount, 0.97 * budget, 1.03 * budget);
        }
    }

    [Fact]
    public void A_budget_that_no_width_has_is_an_error_that_says_what_can_be_had()
    {
        var exception = Assert.Throws<ArgumentException>(() => BudgetSearch.Fit(Models.Named("mixerflow"), Digit, 10, levels: 17));
        Assert.Matches(@"got 10; the nearest for items \(1, 8, 8\) is \d+\.", exception.Message);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_told_as_such() =>
        Assert.Throws<ShapeException>(() => BudgetSearch.Fit(Models.Named("glow"), Shape.Vector(2), 10_000));

    [Theory]
    [InlineData("colour", "red", "MixerFlow: expected one of the options")]
    [InlineData("layers", "many", "for the option layers, got \"many\".")]
    [InlineData("layers", "2.5", "for the option layers, got 2.5.")]
    [InlineData("linear", "cubic", "for the option linear, got \"cubic\".")]
    public void An_option_that_is_none_is_named(string option, string value, string expected)
    {
        var model = Models.Named("mixerflow");
        var exception = Assert.Throws<ArgumentException>(() => model.With(model.Defaults, option, value));
        Assert.Contains(expected, exception.Message);
    }

    [Fact]
    public void Options_are_named_in_any_case_and_enums_by_name()
    {
        var model = Models.Named("mixerflow");
        var options = (MixerFlowOptions)model.With(model.With(model.Defaults, "LINEAR", "reversal"), "Layers", "3");
        Assert.Equal((LinearKind.Reversal, 3), (options.Linear, options.Layers));
        Assert.Equal("reversal", (string?)model.ToJson(options)["linear"]);
    }

    [Fact]
    public void Options_of_another_model_are_refused()
    {
        var exception = Assert.Throws<ArgumentException>(() => Models.Named("glow").Create(Digit, new MafOptions()));
        Assert.Equal("Glow: expected options of type GlowOptions, got MafOptions.", exception.Message);
    }

    [Fact]
    public void An_unknown_model_is_an_error_that_lists_what_there_is()
    {
        var exception = Assert.Throws<ArgumentException>(() => Models.Named("resnet"));
        Assert.Equal("Models: expected one of mixerflow, glow, realnvp, maf, got 'resnet'.", exception.Message);
    }

    public void Dispose() => _scope.Dispose();
}
