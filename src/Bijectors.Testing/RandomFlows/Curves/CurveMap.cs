using System.Collections.Concurrent;

namespace Bijectors.Testing.RandomFlows;

/// <summary>An elementwise bijector between intervals on plain numbers, asked in float64.</summary>
internal sealed class CurveMap
{
    private readonly Bijector _bijector;
    private readonly ConcurrentDictionary<(bool Inverse, double At), double> _known = [];

    private CurveMap(Bijector bijector, Interval domain, Interval codomain) =>
        (_bijector, Domain, Codomain) = (bijector, domain, codomain);

    /// <summary>Where it is defined.</summary>
    public Interval Domain { get; }

    /// <summary>What it is onto.</summary>
    public Interval Codomain { get; }

    /// <summary>A line: in a chain it stands transparently between a codomain and the next domain.</summary>
    public bool IsLine => _bijector.AffineAxis is not null;

    /// <summary>The map of a bijector; null where it is not elementwise, or not between intervals.</summary>
    public static CurveMap? Of(Bijector bijector)
    {
        foreach (var number in bijector.state_dict().Values)
        {
            number.DetachFromDisposeScope();
        }

        return bijector is { EventRank: 0, OutputEventRank: 0, Domain: Interval domain, Codomain: Interval codomain }
            ? new(bijector, domain, codomain)
            : null;
    }

    /// <summary>The map at one number, with its limits at the ends of the domain.</summary>
    public double Forward(double x) => _known.GetOrAdd((false, x), key => Forward([key.At]).Y[0]);

    /// <summary>The inverse map at one number.</summary>
    public double Inverse(double y) => _known.GetOrAdd((true, y), key => Inverse([key.At]).Y[0]);

    /// <summary>The map, and the size of its slope, at each number.</summary>
    public (double[] Y, double[] Slope) Forward(double[] x) => Ask(x, t => _bijector.ForwardWithLogDet(t));

    /// <summary>The inverse map, and the size of its slope, at each number.</summary>
    public (double[] Y, double[] Slope) Inverse(double[] y) => Ask(y, t => _bijector.InverseWithLogDet(t));

    private static (double[] Y, double[] Slope) Ask(double[] at, Func<Tensor, (Tensor Y, Tensor LogSlope)> map)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (y, logSlope) = map(tensor(at, ScalarType.Float64));
        return (y.data<double>().ToArray(), logSlope.exp().data<double>().ToArray());
    }
}
