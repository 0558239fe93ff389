using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Bijectors.Zoo;

/// <summary>One kind of model: its name, its options and how a flow is made of them.</summary>
public sealed class Model
{
    private const DynamicallyAccessedMemberTypes OptionMembers =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    private readonly Func<Shape, object, int?, int, Shape?, Flow> _create;
    private readonly Func<Shape, object> _suited;
    private readonly Func<Shape, object, double> _learningRate;

    private Model(
        string name,
        string title,
        [DynamicallyAccessedMembers(OptionMembers)] Type optionsType,
        object defaults,
        Func<Shape, object, int?, int, Shape?, Flow> create,
        Func<Shape, object> suited,
        Func<Shape, object, double> learningRate)
    {
        (Name, Title, OptionsType, Defaults) = (name, title, optionsType, defaults);
        (_create, _suited, _learningRate) = (create, suited, learningRate);
    }

    /// <summary>The name on a command line and in a saved model: <c>mixerflow</c>.</summary>
    public string Name { get; }

    /// <summary>The name in a report: <c>MixerFlow</c>.</summary>
    public string Title { get; }

    /// <summary>The record that holds its options.</summary>
    [DynamicallyAccessedMembers(OptionMembers)]
    public Type OptionsType { get; }

    /// <summary>Its default options whatever the data, a value of <see cref="OptionsType"/>.</summary>
    public object Defaults { get; }

    /// <summary>
    /// Its default options for items of a shape: <see cref="Defaults"/>, but for a patch size that suits the image.
    /// </summary>
    /// <param name="shape">The shape of one item; it need not fit the model.</param>
    public object DefaultsFor(Shape shape) => _suited(shape);

    /// <summary>
    /// The learning rate for some hundred steps of Adam that validation on the digits has chosen among 0.002, 0.005 and
    /// 0.01; lower where a model has matrices much larger than there.
    /// </summary>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="options">A value of <see cref="OptionsType"/>; <see cref="DefaultsFor"/> if null.</param>
    public double LearningRateFor(Shape shape, object? options = null) =>
        _learningRate(shape, options ?? DefaultsFor(shape));

    /// <summary>Makes a flow.</summary>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="options">A value of <see cref="OptionsType"/>; <see cref="DefaultsFor"/> if null.</param>
    /// <param name="levels">The number of values of a pixel; null for continuous data.</param>
    /// <param name="seed">The seed of the random start.</param>
    /// <param name="context">The shape of one context of a conditional model; null for none.</param>
    /// <exception cref="ShapeException">The model does not fit the shape.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the options are another model's.</exception>
    public Flow Create(Shape shape, object? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= DefaultsFor(shape);
        return OptionsType.IsInstanceOfType(options)
            ? _create(shape, options, levels, seed, context)
            : throw new ArgumentException(
                $"{Title}: expected options of type {OptionsType.Name}, got {options.GetType().Name}.");
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

    internal static Model Of<[DynamicallyAccessedMembers(OptionMembers)] TOptions>(
        string name,
        string title,
        Func<Shape, TOptions, int?, int, Shape?, Flow> create,
        Func<Shape, TOptions, double> learningRate,
        Func<Shape, TOptions>? suited = null)
        where TOptions : class, new()
    {
        var defaults = new TOptions();
        return new Model(
            name,
            title,
            typeof(TOptions),
            defaults,
            (shape, options, levels, seed, context) => create(shape, (TOptions)options, levels, seed, context),
            shape => suited is null ? defaults : suited(shape),
            (shape, options) => learningRate(shape, (TOptions)options));
    }
}
