using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>One kind of model: its name, its options and how a flow is made of them.</summary>
public sealed class Model
{
    private readonly Func<Shape, object, int?, int, Flow> _create;

    private Model(
        string name, string title, double learningRate, Type optionsType, object defaults, Func<Shape, object, int?, int, Flow> create) =>
        (Name, Title, LearningRate, OptionsType, Defaults, _create) = (name, title, learningRate, optionsType, defaults, create);

    /// <summary>The name on a command line and in a saved model: <c>mixerflow</c>.</summary>
    public string Name { get; }

    /// <summary>The name in a report: <c>MixerFlow</c>.</summary>
    public string Title { get; }

    /// <summary>The learning rate that validation on the digits has chosen among 0.002, 0.005 and 0.01, for some hundred steps of Adam.</summary>
    public double LearningRate { get; }

    /// <summary>The record that holds its options.</summary>
    public Type OptionsType { get; }

    /// <summary>Its default options, a value of <see cref="OptionsType"/>.</summary>
    public object Defaults { get; }

    /// <summary>Makes a flow.</summary>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="options">A value of <see cref="OptionsType"/>; <see cref="Defaults"/> if null.</param>
    /// <param name="levels">The number of values of a pixel; null for continuous data.</param>
    /// <param name="seed">The seed of the random start.</param>
    /// <exception cref="ShapeException">The model does not fit the shape.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the options are another model's.</exception>
    public Flow Create(Shape shape, object? options = null, int? levels = null, int seed = 0)
    {
        options ??= Defaults;
        return OptionsType.IsInstanceOfType(options)
            ? _create(shape, options, levels, seed)
            : throw new ArgumentException($"{Title}: expected options of type {OptionsType.Name}, got {options.GetType().Name}.");
    }

    /// <summary>Options as JSON, one member for each: <c>{"layers":8,"hidden":64}</c>.</summary>
    public JsonObject ToJson(object options) => OptionsJson.Write(options, OptionsType);

    /// <summary>Options from JSON; members that are not there keep their defaults.</summary>
    /// <exception cref="ArgumentException">A member is not an option of this model, or its value is of the wrong
    /// kind.</exception>
    public object FromJson(JsonObject json) => OptionsJson.Read(Title, Defaults, json, OptionsType);

    /// <summary>These options with one changed, by its name and a text: <c>("hidden", "64")</c>.</summary>
    /// <exception cref="ArgumentException">There is no such option, or the text is no value of it.</exception>
    public object With(object options, string name, string value) =>
        OptionsJson.Read(Title, options, new JsonObject { [name] = OptionsJson.Value(value) }, OptionsType);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static Model Of<TOptions>(
        string name, string title, double learningRate, Func<Shape, TOptions, int?, int, Flow> create)
        where TOptions : class, new() =>
        new(name, title, learningRate, typeof(TOptions), new TOptions(), (shape, options, levels, seed) =>
            create(shape, (TOptions)options, levels, seed));
}
