namespace Bijectors;

/// <summary>Whether a network fits between the parts of a point.</summary>
public static class NetworkShape
{
    /// <summary>Checks that a network reads the first part and gives so many features for each one of the
    /// second.</summary>
    /// <param name="whose">The bijector, for messages.</param>
    /// <param name="shape">The event shape.</param>
    /// <param name="partition">What the parts are.</param>
    /// <param name="net">The network.</param>
    /// <param name="count">How many features it must give for each one of the second part.</param>
    /// <returns>The event shape.</returns>
    /// <exception cref="ShapeException">It does not.</exception>
    public static Shape Check(Bijector whose, Shape shape, Partition partition, Conditioner net, int count)
    {
        var (read, mapped) = partition.Split(shape);
        return Check(whose, shape, read, mapped, net, count);
    }

    /// <summary>Checks that a causal network reads an event and gives so many features for each one of it.</summary>
    /// <inheritdoc cref="Check(Bijector, Shape, Partition, Conditioner, int)"/>
    public static Shape Check(Bijector whose, Shape shape, CausalConditioner net, int count) =>
        Check(whose, shape, shape, shape, net, count);

    private static Shape Check(Bijector whose, Shape shape, Shape read, Shape mapped, Conditioner net, int count)
    {
        Shape output;
        try
        {
            output = net.OutputShape(read);
        }
        catch (ShapeException e)
        {
            throw e.At(whose.ToString());
        }

        var expected = mapped.With(net.FeatureAxis, count * mapped[net.FeatureAxis]);
        return output == expected
            ? shape
            : throw new ShapeException(
                whose.ToString(), $"expected a network that gives {expected}", $"got one that gives {output}");
    }
}
