namespace Bijectors.Kernels;

/// <summary>
/// The weights of a masked layer in <see cref="Panels"/>, in the order of its staircase; what does not count is 0, or
/// not there where its whole panel needs none of it.
/// </summary>
internal static unsafe class StaircasePanels
{
    /// <summary>Panels of units, inputs downwards.</summary>
    public static void PackUnits<T>(DenseLayer layer, int[] inputsOfPanels, T* panels)
        where T : unmanaged
    {
        var (stairs, width) = (layer.Staircase!, Panels.Width<T>());
        for (var panel = 0; panel < inputsOfPanels.Length; panel++, panels += (long)width * layer.Inputs)
        {
            new Span<T>(panels, width * inputsOfPanels[panel]).Clear();
            var end = Math.Min(layer.Outputs, (panel + 1) * width);
            for (var place = panel * width; place < end; place += 4)
            {
                Pack(layer, stairs, place, Math.Min(4, end - place), panels + (place % width), width);
            }
        }
    }

    /// <summary>Panels of inputs, units downwards.</summary>
    public static void PackInputs<T>(DenseLayer layer, int[] unitsOfPanels, T* panels)
        where T : unmanaged
    {
        var (stairs, width) = (layer.Staircase!, Panels.Width<T>());
        for (var panel = 0; panel < unitsOfPanels.Length; panel++, panels += (long)width * layer.Outputs)
        {
            var (first, end) = (panel * width, Math.Min(layer.Inputs, (panel + 1) * width));
            for (var place = unitsOfPanels[panel]; place < layer.Outputs; place++)
            {
                var from = (T*)layer.Weight + ((long)stairs.Unit(place) * layer.Inputs);
                var to = panels + ((long)place * width);
                new Span<T>(to, width).Clear();
                var (step, always) = stairs.InputsOf(place);
                Copy(stairs, from, first, Math.Min(end, step), to);
                Copy(stairs, from, Math.Max(first, always), end, to + Math.Max(first, always) - first);
            }
        }
    }

    /// <summary>Gathers numbers by their places.</summary>
    public static void Copy<T>(Staircase stairs, T* from, int first, int end, T* to)
        where T : unmanaged
    {
        if (first >= end)
        {
            return;
        }

        if (stairs.InputsAreInOrder)
        {
            new Span<T>(from + first, end - first).CopyTo(new(to, end - first));
            return;
        }

        foreach (var input in stairs.Inputs[first..end])
        {
            *to++ = from[input];
        }
    }

    /// <summary>Puts numbers at their places back where they came from, those from one place on to another.</summary>
    public static void Scatter<T>(Staircase stairs, T* from, int first, int end, T* to)
        where T : unmanaged
    {
        if (stairs.InputsAreInOrder)
        {
            new Span<T>(from + first, end - first).CopyTo(new(to + first, end - first));
            return;
        }

        for (var place = first; place < end; place++)
        {
            to[stairs.Inputs[place]] = from[place];
        }
    }

    // Up to four units at a time: their numbers fill the same cache lines of the panel.
    private static void Pack<T>(DenseLayer layer, Staircase stairs, int place, int count, T* to, int width)
        where T : unmanaged
    {
        var together = count == 4 ? stairs.InputsOf(place).Step : 0;
        var (b0, b1, b2, b3) = ((nint)Row(place), (nint)Row(place + Math.Min(1, count - 1)),
            (nint)Row(place + Math.Min(2, count - 1)), (nint)Row(place + count - 1));
        var at = to;
        foreach (var input in stairs.Inputs[..together])
        {
            at[0] = ((T*)b0)[input];
            at[1] = ((T*)b1)[input];
            at[2] = ((T*)b2)[input];
            at[3] = ((T*)b3)[input];
            at += width;
        }

        for (var i = 0; i < count; i++)
        {
            var (step, always) = stairs.InputsOf(place + i);
            Place(stairs, Row(place + i), together, step, to + i, width);
            Place(stairs, Row(place + i), Math.Max(together, always), layer.Inputs, to + i, width);
        }

        T* Row(int at) => (T*)layer.Weight + ((long)stairs.Unit(at) * layer.Inputs);
    }

    private static void Place<T>(Staircase stairs, T* from, int first, int end, T* to, int width)
        where T : unmanaged
    {
        for (var place = first; place < end; place++)
        {
            to[(long)place * width] = from[stairs.Inputs[place]];
        }
    }
}
