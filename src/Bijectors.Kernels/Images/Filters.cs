namespace Bijectors.Kernels;

/// <summary>
/// The weights of a convolution <c>(outputs, inputs, size, size)</c> in memory, and the panels that products read.
/// </summary>
/// <remarks>
/// Panels hold a matrix whose rows are what a filter sees, row by row, pixel by pixel, channel by channel, and whose
/// columns are what it gives: two vectors' width each, and one at the end where that is enough. What is missing in
/// the last one is 0.
/// </remarks>
/// <param name="Start">The memory.</param>
/// <param name="Outputs">The channels of the result.</param>
/// <param name="Inputs">The channels of the images.</param>
/// <param name="Size">The height and width of a filter, odd.</param>
internal readonly unsafe record struct Filters<T>(nint Start, int Outputs, int Inputs, int Size)
    where T : unmanaged
{
    /// <summary>How many numbers the panels of a layer with so many columns take.</summary>
    public static long PanelSize(int rows, int columns) => (long)rows * Whole(columns);

    /// <summary>So many columns and those that fill the last vector.</summary>
    public static int Whole(int columns) =>
        (columns + Vectors.Lanes<T>() - 1) / Vectors.Lanes<T>() * Vectors.Lanes<T>();

    /// <summary>How many numbers the panels of the filters take.</summary>
    public long ForwardSize => PanelSize(Size * Size * Inputs, Outputs);

    /// <summary>How many numbers the panels of the gradient to the images take.</summary>
    public long BackwardSize => PanelSize(Size * Size * Outputs, Inputs);

    /// <summary>Copies the filters.</summary>
    public void PackForward(T* panels)
    {
        var area = Size * Size;
        for (var output = 0; output < Outputs; output++)
        {
            var from = (T*)Start + ((long)output * Inputs * area);
            var (start, width) = Column(panels, area * Inputs, output, Outputs);
            var to = (T*)start;
            for (var input = 0; input < Inputs; input++)
            {
                for (var place = 0; place < area; place++)
                {
                    to[((place * Inputs) + input) * width] = *from++;
                }
            }
        }

        ClearRest(panels, area * Inputs, Outputs);
    }

    /// <summary>
    /// Copies the filters of the gradient: each turned by half a turn, with outputs and inputs exchanged.
    /// </summary>
    public void PackBackward(T* panels)
    {
        var area = Size * Size;
        for (var input = 0; input < Inputs; input++)
        {
            var (start, width) = Column(panels, area * Outputs, input, Inputs);
            var to = (T*)start;
            for (var output = 0; output < Outputs; output++)
            {
                var from = (T*)Start + ((((long)output * Inputs) + input) * area);
                for (var place = 0; place < area; place++)
                {
                    to[((((long)area - 1 - place) * Outputs) + output) * width] = *from++;
                }
            }
        }

        ClearRest(panels, area * Outputs, Inputs);
    }

    private static (nint Start, long Width) Column(T* panels, int rows, int column, int columns)
    {
        var wide = 2 * Vectors.Lanes<T>();
        var first = column / wide * wide;
        return ((nint)(panels + ((long)rows * first) + (column - first)), Math.Min(wide, Whole(columns) - first));
    }

    private static void ClearRest(T* panels, int rows, int columns)
    {
        for (var column = columns; column < Whole(columns); column++)
        {
            var (start, width) = Column(panels, rows, column, columns);
            var to = (T*)start;
            for (var row = 0; row < rows; row++)
            {
                to[row * width] = default;
            }
        }
    }
}
