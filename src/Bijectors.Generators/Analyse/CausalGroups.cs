namespace Bijectors.Generators.Analyse;

/// <summary>
/// Puts the maps together that are conditioned on one earlier state of their part: they can only be undone together.
/// </summary>
internal static class CausalGroups
{
    public static IEnumerable<Step> Of(IReadOnlyList<Step> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is RowStep first && LastOn(steps, i, first.Input) is { } last)
            {
                var maps = steps.Skip(i).Take(last - i + 1).Cast<RowStep>().ToList();
                yield return new CausalStep(first.Input, maps.Last().Output, new(maps), maps.Last().Axes);
                i = last;
            }
            else
            {
                yield return steps[i];
            }
        }
    }

    /// <summary>
    /// The last step that is conditioned on a state. The parser lets no other step between it and the first.
    /// </summary>
    private static int? LastOn(IReadOnlyList<Step> steps, int from, int head)
    {
        for (var i = steps.Count - 1; i >= from; i--)
        {
            if (steps[i] is RowStep map && map.Head == head)
            {
                return i;
            }
        }

        return null;
    }
}
