using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Threads;

/// <summary>Small frozen flows of every kind of model in the zoo, with weights as after some training.</summary>
internal static class ZooFlows
{
    private const int Hidden = 16;
    private const int MostLayers = 2;

    // Noise on all weights at once; more takes some models to where their numbers end.
    private const double Deviation = 0.02;

    private static readonly ScalarType[] s_dtypes = [ScalarType.Float32, ScalarType.Float64];

    /// <summary>Those of some models, in float32 and in float64; of vectors also conditional ones.</summary>
    public static IEnumerable<CalledFlow> Of(IEnumerable<Model> models) =>
        from model in models
        from context in new Shape?[] { null, Shape.Vector(2) }
        from dtype in context is null ? s_dtypes : s_dtypes[..1]
        let flow = Make(model, dtype, context)
        where flow is not null
        select new CalledFlow(
            $"{model.Name} {dtype}{(context is null ? "" : ", conditional")}", flow,
            IsSolved(model) ? [2] : [1, 3, 12]);

    // Samples of these are solved for between brackets: each takes as long as many of the other models.
    private static bool IsSolved(Model model) =>
        model.Name is "naf" or "gaussianization" or "planar" or "sylvester" or "flowpp";

    private static Flow? Make(Model model, ScalarType dtype, Shape? context)
    {
        try
        {
            return Frozen(model, Shape.Vector(6), levels: null, dtype, context);
        }
        catch (ShapeException)
        {
            return context is null ? Frozen(model, Shape.Image(1, 4, 4), levels: 5, dtype, context) : null;
        }
    }

    private static Flow Frozen(Model model, Shape shape, int? levels, ScalarType dtype, Shape? context)
    {
        var options = model.ToJson(model.DefaultsFor(shape));
        foreach (var (name, value) in options.ToList())
        {
            if (value is not null && value.AsValue().TryGetValue(out int number))
            {
                options[name] = Math.Min(number, name == "hidden" ? Hidden : IsSolved(model) ? 1 : MostLayers);
            }
        }

        if (model.Name == "cgnf")
        {
            options["map"] = "spline";
        }

        using var ungraded = no_grad();
        using var flow = model.Create(shape, model.FromJson(options), levels, context: context);
        using var generator = new Generator(7);
        foreach (var parameter in flow.parameters())
        {
            using var noise = randn(parameter.shape, parameter.dtype, generator: generator);
            parameter.add_(noise, alpha: Deviation);
        }

        flow.to(dtype);
        var frozen = flow.Frozen();
        frozen.eval();
        return frozen;
    }
}
