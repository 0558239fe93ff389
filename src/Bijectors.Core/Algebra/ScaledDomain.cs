namespace Bijectors;

/// <summary>Domains under lines.</summary>
public static class ScaledDomain
{
    /// <summary>The image of a domain under <c>scale x + shift</c>, for <see cref="IDomainMap"/>.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="scale">The slope, not zero.</param>
    /// <param name="shift">The value at 0.</param>
    /// <exception cref="ArgumentException">The domain has no intervals.</exception>
    public static Domain Scaled(this Domain domain, double scale, double shift)
    {
        switch (domain)
        {
            case PartsDomain parts:
                return PartsDomain.Of(
                    parts.First.Scaled(scale, shift), parts.Second.Scaled(scale, shift), parts.Partition);
            case Interval { Low: var low, High: var high }:
                var (a, b) = ((low * scale) + shift, (high * scale) + shift);
                return Domain.Interval(Math.Min(a, b), Math.Max(a, b));
            case RearrangedDomain rearranged:
                return RearrangedDomain.Of(rearranged.F, rearranged.Inner.Scaled(scale, shift));
            case PartOf part:
                return PartOf.Of(part.Whole.Scaled(scale, shift));
            default:
                throw new ArgumentException($"Expected an interval to scale, got {domain}.");
        }
    }
}
