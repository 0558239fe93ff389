using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.RandomPrograms.Run;

/// <summary>
/// The emitted forward map is the method it was derived from: the law without which all others could
/// hold of another map.
/// </summary>
internal sealed class SameAsBody : Law
{
    public override string Statement => "Forward(x) is what the [Forward] method gives, run as plain C#";

    public override string UsualCause =>
        "a step is left out, is out of order, or reads a variable that stands for something else.";

    protected override void Check(LawContext lawContext)
    {
        using var grad = no_grad();
        var chance = lawContext.GeneratorFor(7);
        var x = lawContext.Bijector.Domain.Sample([5, .. lawContext.Case.Shape.ToArray()], lawContext.DType, chance);
        var context =
            lawContext.Case.ContextSize is { } size
                ? randn([5, size], dtype: lawContext.DType, generator: chance)
                : null;
        var got = lawContext.Bijector.Forward(x, context);
        var expected = ((IBody)lawContext.Bijector).Body(x, context);
        if (!expected.shape.SequenceEqual(got.shape))
        {
            throw lawContext.Violation(this, new(
                "Forward(x)", $"the shape ({string.Join(", ", expected.shape)})", $"({string.Join(", ", got.shape)})"));
        }

        var (e, g) = (expected.flatten(), got.flatten());
        var off =
            where((e == g).logical_or(e.isnan().logical_and(g.isnan())), 0, (g - e).abs() / (1e-12 + (1e-12 * e.abs())))
                .nan_to_num(double.PositiveInfinity);
        if (off.max().item<double>() > 1)
        {
            var worst = off.argmax().item<long>();
            throw lawContext.Violation(this,
                new($"Forward(x), entry {worst}", $"{e[worst].item<double>():R}", $"{g[worst].item<double>():R}"));
        }
    }
}
