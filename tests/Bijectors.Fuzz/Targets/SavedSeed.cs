using Bijectors.Zoo;

namespace Bijectors.Fuzz;

/// <summary>Small saved flows, from which inputs are made.</summary>
internal static class SavedSeed
{
    /// <summary>Saves a model of vectors.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The kind of model.</param>
    /// <param name="size">How many entries a vector has.</param>
    public static void Save(string path, string name, long size)
    {
        var (model, shape) = (Models.Named(name), Shape.Vector(size));
        var options = model.DefaultsFor(shape);
        using var flow = model.Create(shape, options, null, seed: 1);
        using var saved = new SavedModel(model, options, flow, "data", 1);
        saved.Save(path);
    }
}
