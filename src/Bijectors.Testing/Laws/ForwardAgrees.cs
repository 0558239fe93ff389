using System.Reflection;

namespace Bijectors.Testing;

/// <summary>
/// What the compiler has written is what was declared: without this law all others could hold of another map.
/// </summary>
internal sealed class ForwardAgrees : PointLaw
{
    public override string Statement =>
        "Forward gives what the [Forward] method of a generated bijector gives, called as it is written";

    public override string UsualCause =>
        "a value that is another one when it is computed elsewhere: state that a call changes, caller information. "
        + "Otherwise a mistake of the compiler; please report it.";

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        if (direction.Name != nameof(Bijector.Forward) || Written(lawContext.Bijector) is not { } written)
        {
            return null;
        }

        using var grad = no_grad();
        using var copy = points.X.clone();
        object?[] arguments = written.GetParameters().Length == 1 ? [copy] : [copy, points.Context];
        // First the emitted map, which checks what the method as it is written leaves to torch: there it may
        // end the process.
        var got = direction.Apply(points.X, points.Context);
        var expected = written.Invoke(
            lawContext.Bijector, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        return Close.Find("Forward(x)", (Tensor)expected!, got, lawContext.Conditioning(direction, points).OfMap);
    }

    private static MethodInfo? Written(Bijector f) => f.GetType()
        .GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .FirstOrDefault(method => method.IsDefined(typeof(ForwardAttribute)));
}
