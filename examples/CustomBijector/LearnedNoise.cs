using Bijectors;

/// <summary>A flow of whole numbers whose noise is a flow too.</summary>
public static class LearnedNoise
{
    /// <summary>Two whole numbers 0..7.</summary>
    public static Flow Create()
    {
        const int levels = 8;
        var shape = Shape.Vector(2);
        var noise = Flow.On(shape, seed: 1).Conditional(2)
            .Then(new Logit())
            .AffineCoupling(hidden: 16)
            .Reverse()
            .AffineCoupling(hidden: 16)
            .Into(Distribution.StandardNormal);
        return Flow.On(shape)
            .Then(new VariationalDequantization(levels, noise))
            .Then(new Scale(1.0 / levels))
            .Then(new Logit())
            .AffineCoupling(hidden: 32)
            .Into(Distribution.StandardNormal);
    }
}
