using Bijectors.Testing.RandomFlows;
using Bijectors.Zoo;

namespace Bijectors.Tests;

/// <content>A layer with each network of Core, and each model of the zoo: both are found by themselves.</content>
internal static partial class Catalogue
{
    static partial void AddFound(List<Entry> entries)
    {
        entries.AddRange(NetworkType.All.Select(ByNetwork));
        entries.AddRange(TransformerType.All.SelectMany(ByTransformer));
        foreach (var model in Models.All)
        {
            Entry?[] found =
            [
                OfModel(model, Shape.Vector(4), levels: null), OfModel(model, Shape.Image(1, 4, 4), levels: 5),
            ];
            entries.AddRange(found.OfType<Entry>());
        }
    }

    /// <summary>A coupling by a network, or an autoregressive layer by a causal one, in a context.</summary>
    private static Entry ByNetwork(NetworkType network)
    {
        var shape = network.EventRank switch { 1 => Shape.Vector(4), 2 => Shape.Of(3, 4), _ => Shape.Image(2, 4, 4) };
        var tokens = shape.Rank == 2 ? shape[-2] : 1;
        if (network.IsCausal)
        {
            var of = new NetworkSizes(
                shape[network.FeatureAxis], Outputs: 2, Hidden: 6, Layers: 1, Context: 2, tokens);
            return new(
                $"MaskedAutoregressive by {network.Name}, conditional",
                seed => new MaskedAutoregressive((CausalConditioner)network.Make(of, Random(seed))), shape, of.Context);
        }

        var features = Partition.Halves(network.FeatureAxis).Split(shape).First[network.FeatureAxis];
        var sizes = new NetworkSizes(features, features, Hidden: 6, Layers: 1, Context: 2, tokens);
        return new(
            $"AdditiveCoupling by {network.Name}, conditional",
            seed => new AdditiveCoupling(network.Make(sizes, Random(seed))), shape, sizes.Context);
    }

    /// <summary>A transformer alone and in a coupling; those with a closed inverse in every placement.</summary>
    private static IEnumerable<Entry> ByTransformer(TransformerType type)
    {
        const int Size = 3;
        var (name, count) = (type.Name, type.Count(Size));
        Transformer Fresh() => type.Make(Size, Random(1));
        yield return new(name, _ => Fresh(), s_three, count);
        yield return new(
            $"Coupling by {name}, conditional",
            seed => new Coupling(Mlp(seed, 2, count * 2, context: 2), Fresh()), s_four, 2);
        if (type.IsIterative)
        {
            yield break;
        }

        yield return new($"ElementwiseLayer of {name}", _ => new ElementwiseLayer(Fresh(), s_three), s_three);
        yield return new(
            $"Autoregressive by {name}",
            seed => new Autoregressive(
                new Made(3, 6, 1, Random(seed), options: new() { Outputs = count }), Fresh()),
            s_three);
    }

    /// <summary>A small model from data to base; null where it does not take such data.</summary>
    private static Entry? OfModel(Model model, Shape shape, int? levels)
    {
        var options = model.ToJson(model.DefaultsFor(shape));
        foreach (var (name, value) in options.ToList())
        {
            if (value is not null && value.AsValue().TryGetValue(out int number))
            {
                // Moved parameters of several layers take mixtures of logistics so far out that no law could tell, and
                // what is scaled by a sigmoid without a floor beyond the largest number.
                var most = (model.Name, name) switch
                {
                    ("flowpp", "couplings") or ("naf", "layers") or ("glow", "steps") => 1,
                    (_, "hidden") => 6,
                    _ => 2,
                };
                options[name] = Math.Min(number, most);
            }
        }

        // Integrals are solved for between brackets, one feature after another, which takes the laws minutes; they are
        // in the catalogue by themselves.
        if (model.Name == "cgnf")
        {
            options["map"] = "spline";
        }

        try
        {
            Make(0).Dispose();
        }
        catch (ShapeException)
        {
            return null;
        }

        return new($"Zoo: {model.Title}{(shape.Rank == 1 ? " of vectors" : "")}", Make, shape);

        Bijector Make(int seed) => model.Create(shape, model.FromJson(options), levels, seed).Transform;
    }
}
