using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Where the parameters of a module lie in one buffer: those of a group side by side.</summary>
internal static class ParameterPlaces
{
    // Views start at multiples of this many elements, a cache line of float32; what lies between stays zero.
    private const long Alignment = 16;

    /// <summary>A place for each parameter that requires a gradient, and the range of each group.</summary>
    public static (
        (string Name, Parameter Parameter, long Offset)[] Places, (long, long, ParameterGroup?)[] Ranges) Of(
            nn.Module module, IReadOnlyList<ParameterGroup> groups)
    {
        var trained = module.named_parameters().DistinctBy(row => row.parameter.Handle)
            .Where(row => row.parameter.requires_grad)
            .Select(row => (row.name, row.parameter, Group: GroupOf(row.name, row.parameter, groups))).ToList();
        Check(module, trained, groups);

        // The first view starts behind zero, which tells it from a gradient that autograd has made on its own.
        var offset = Alignment;
        var places = new List<(string Name, Parameter Parameter, long Offset)>();
        var ranges = new List<(long Start, long Length, ParameterGroup? Group)>();
        foreach (var group in trained.GroupBy(row => row.Group).OrderBy(group => group.Key))
        {
            var start = ranges.Count == 0 ? 0 : offset;
            foreach (var (name, parameter, _) in group)
            {
                places.Add((name, parameter, offset));
                offset += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
            }

            ranges.Add((start, offset - start, group.Key < groups.Count ? groups[group.Key] : null));
        }

        // The buffer ends with the last number.
        var (last, end) = (ranges[^1], places[^1].Offset + places[^1].Parameter.numel());
        ranges[^1] = last with { Length = end - last.Start };
        return ([.. places], [.. ranges]);
    }

    // Behind all groups where none takes it.
    private static int GroupOf(string name, Parameter parameter, IReadOnlyList<ParameterGroup> groups)
    {
        var group = 0;
        while (group < groups.Count && !groups[group].Takes(name, parameter))
        {
            group++;
        }

        return group;
    }

    private static void Check(
        nn.Module module,
        List<(string Name, Parameter Parameter, int Group)> trained,
        IReadOnlyList<ParameterGroup> groups)
    {
        if (trained is not [var first, ..])
        {
            throw new ArgumentException(
                $"{module.GetName()}: expected at least one parameter that requires a gradient, got none.");
        }

        foreach (var (name, parameter, _) in trained)
        {
            if (first.Parameter.dtype != parameter.dtype
                || first.Parameter.device.ToString() != parameter.device.ToString())
            {
                throw new ArgumentException(
                    $"{module.GetName()}: expected all parameters to be {first.Parameter.dtype} on "
                    + $"{first.Parameter.device}, got {parameter.dtype} on {parameter.device} for {name}; "
                    + "convert with .to(...) before training.");
            }
        }

        for (var i = 0; i < groups.Count; i++)
        {
            if (trained.TrueForAll(row => row.Group != i))
            {
                throw new ArgumentException(
                    $"ParameterGroup[{i}]: expected to take a parameter of {module.GetName()}, took none; its names "
                    + $"are those of the state dict, as {first.Name}.");
            }
        }
    }
}
