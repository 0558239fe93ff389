using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Observes a call of a bijector, inverse or not, at a point.</summary>
internal delegate void NestedObserver(Bijector f, bool inverse, Tensor point, Tensor? context);

/// <summary>
/// Runs a bijector from inside another one: the outermost call has checked the shapes. Combinators and emitted code use
/// it; everybody else calls the methods of <see cref="Bijector"/>.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Nested
{
    [ThreadStatic]
    private static NestedObserver? s_observer;

    /// <summary><c>y = f(x)</c>.</summary>
    public static Tensor Forward(Bijector f, Tensor x, Tensor? context)
    {
        Nesting.CheckStack(f);
        DataInitialization.Visit(f, x);
        s_observer?.Invoke(f, false, x, context);
        DtypeCheck.Layer(f, x);
        return f.ForwardCore(x, context);
    }

    /// <summary><c>x</c> with <c>f(x) = y</c>.</summary>
    public static Tensor Inverse(Bijector f, Tensor y, Tensor? context)
    {
        Nesting.CheckStack(f);
        s_observer?.Invoke(f, true, y, context);
        DtypeCheck.Layer(f, y);
        return f.InverseCore(y, context);
    }

    /// <summary>
    /// <c>y = f(x)</c> with the log-det summed over the last <paramref name="eventRank"/> dimensions of x.
    /// </summary>
    public static (Tensor Y, Tensor LogDet) ForwardWithLogDet(Bijector f, Tensor x, Tensor? context, int eventRank)
    {
        Nesting.CheckStack(f);
        DataInitialization.Visit(f, x);
        s_observer?.Invoke(f, false, x, context);
        DtypeCheck.Layer(f, x);
        return f.ForwardWithLogDetCore(x, context, eventRank);
    }

    /// <summary>
    /// <c>x</c> with <c>f(x) = y</c>, and the log-det summed over the last <paramref name="eventRank"/>
    /// dimensions of y.
    /// </summary>
    public static (Tensor X, Tensor LogDet) InverseWithLogDet(Bijector f, Tensor y, Tensor? context, int eventRank)
    {
        Nesting.CheckStack(f);
        s_observer?.Invoke(f, true, y, context);
        DtypeCheck.Layer(f, y);
        return f.InverseWithLogDetCore(y, context, eventRank);
    }

    /// <summary>The output shape of a bijector inside another one; a complaint says where it is.</summary>
    public static Shape OutputShape(Bijector outer, Bijector inner, Shape input) =>
        Placed(outer, inner.OutputShape, input);

    /// <summary>The input shape of a bijector inside another one; a complaint says where it is.</summary>
    public static Shape InputShape(Bijector outer, Bijector inner, Shape output) =>
        Placed(outer, inner.InputShape, output);

    /// <summary>The output shape of a network inside a bijector; a complaint says where it is.</summary>
    public static Shape OutputShape(Bijector outer, Conditioner network, Shape input) =>
        Placed(outer, network.OutputShape, input);

    /// <summary>
    /// Runs an action while every call of a bijector on this thread is reported to the observer before it is made,
    /// outer ones first.
    /// </summary>
    internal static void Observe(NestedObserver observer, Action action)
    {
        var outer = s_observer;
        s_observer = observer;
        try
        {
            action();
        }
        finally
        {
            s_observer = outer;
        }
    }

    private static Shape Placed(Bijector outer, Func<Shape, Shape> inner, Shape shape)
    {
        try
        {
            return inner(shape);
        }
        catch (ShapeException e)
        {
            throw e.At(outer.ToString());
        }
    }
}
