namespace Bijectors.Testing.Doctor;

/// <summary>Numbers of a calculation in the shape of a tensor, one row after another.</summary>
/// <param name="shape">The shape; empty for one number.</param>
/// <param name="values">As many as the shape says.</param>
internal sealed class RealArray(int[] shape, Real[] values)
{
    public int[] Shape => shape;

    public Real[] Values => values;

    public Real this[params ReadOnlySpan<int> at]
    {
        get
        {
            var flat = 0;
            for (var d = 0; d < shape.Length; d++)
            {
                flat = (flat * shape[d]) + at[d];
            }

            return values[flat];
        }
    }

    /// <summary>How many numbers a shape has.</summary>
    public static int Count(int[] shape) => shape.Aggregate(1, (product, size) => product * size);

    /// <summary>One number.</summary>
    public static RealArray Of(Real value) => new([], [value]);

    /// <summary>A loop over all places.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="at">The number at a place; it must not keep the place.</param>
    public static RealArray Of(int[] shape, Func<int[], Real> at)
    {
        var values = new Real[Count(shape)];
        var place = new int[shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = at(place);
            for (var d = shape.Length - 1; d >= 0 && ++place[d] == shape[d]; d--)
            {
                place[d] = 0;
            }
        }

        return new(shape, values);
    }

    /// <summary>A function of each number.</summary>
    public RealArray Map(Func<Real, Real> map) => new(shape, [.. values.Select(map)]);

    /// <summary>A function of each pair, dimensions of size 1 repeated.</summary>
    public RealArray Map(RealArray other, Func<Real, Real, Real> map)
    {
        var rank = Math.Max(shape.Length, other.Shape.Length);
        var common = Enumerable.Range(-rank, rank).Select(d => Math.Max(Size(shape, d), Size(other.Shape, d)));
        return Of([.. common], at => map(Repeated(at), other.Repeated(at)));

        static int Size(int[] shape, int fromEnd) => -fromEnd <= shape.Length ? shape[shape.Length + fromEnd] : 1;
    }

    /// <summary>The numbers at other places than before.</summary>
    public RealArray Moved(int[] to, Func<int[], int[]> from) => Of(to, at => this[from(at)]);

    private Real Repeated(int[] at)
    {
        var flat = 0;
        for (var d = 0; d < shape.Length; d++)
        {
            flat = (flat * shape[d]) + (shape[d] == 1 ? 0 : at[at.Length - shape.Length + d]);
        }

        return values[flat];
    }
}
