namespace Bijectors.Generators.Analyse;

/// <summary>Which parts have one shape for certain: the states of one part, as long as nothing moves.</summary>
internal static class SameShape
{
    /// <summary>The first state of a part that has its shape, as far as some steps tell.</summary>
    public static int FirstOf(IEnumerable<Step> steps, int part)
    {
        foreach (var step in steps.Reverse())
        {
            part = step switch
            {
                ElementwiseStep s when s.Output == part => s.Input,
                MixStep s when s.Outputs.Contains(part) => s.Inputs[s.Outputs.ToList().IndexOf(part)],
                _ => part,
            };
        }

        return part;
    }
}
