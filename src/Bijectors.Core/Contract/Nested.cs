using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Is told of the call of a bijector, inverse or not, at a point.</summary>
internal delegate void NestedObserver(Bijector f, bool inverse, Tensor point, Tensor? context);

/// <summary>
/// Runs a bijector from inside another one: the outermost call has checked the shapes. Emitted code and combinators use
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

    /// <summary>The output shape of a bijector inside another one; a complaint says where it stands.</summary>
    public static Shape OutputShape(Bijector outer, Bijector inner, Shape input) =>
        Placed(outer, inner.OutputShape, input);

    /// <summary>The input shape of a bijector inside another one; a complaint says where it stands.</summary>
    public static Shape InputShape(Bijector outer, Bijector inner, Shape output) =>
        Placed(outer, inner.InputShape, output);

    /// <summary>The output shape of a network inside a bijector; a complaint says where it stands.</summary>
    public static Shape OutputShape(Bijector outer, Conditioner network, Shape input) =>
        Placed(outer, network.OutputShape, input);

    /// <summary>The output, if events gain or lose as many dimensions as the bijector says.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static Shape Output(Bijector f, Shape input, Shape output)
    {
        CheckRanks(f, input, output);
        return output;
    }

    /// <summary>The input, if events gain or lose as many dimensions as the bijector says.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static Shape Input(Bijector f, Shape input, Shape output)
    {
        CheckRanks(f, input, output);
        return input;
    }

    private static void CheckRanks(Bijector f, Shape input, Shape output)
    {
        if (output.Rank - input.Rank != f.OutputEventRank - f.EventRank)
        {
            throw new ShapeException(
                $"{f}",
                $"expected OutputEventRank {f.EventRank + output.Rank - input.Rank}, since it takes {input} to "
                + $"{output} with EventRank {f.EventRank}",
                $"got {f.OutputEventRank}; override it");
        }
    }

    /// <summary>All reals, if the bijectors inside a generated one are maps of all reals.</summary>
    /// <exception cref="DomainException">One is not.</exception>
    public static Domain AllReals(Bijector outer, params ReadOnlySpan<Domain> inner)
    {
        foreach (var domain in inner)
        {
            if (!domain.Includes(Domain.Real))
            {
                throw new DomainException(
                    $"{outer}, which must override Domain and Codomain", "a bijector inside it", Domain.Real, domain);
            }
        }

        return Domain.Real;
    }

    /// <summary>
    /// Ends a pass of a loop: <paramref name="next"/> leaves the scope of the pass, and the state it
    /// replaces is disposed.
    /// </summary>
    public static Tensor Next(DisposeScope pass, Tensor state, Tensor next)
    {
        if (!ReferenceEquals(state, next))
        {
            state.Dispose();
        }

        return pass.MoveToOuter(next);
    }

    /// <summary>
    /// Ends a pass of a loop with several states: what is among the next ones goes on, whatever its name.
    /// </summary>
    public static void Next(DisposeScope pass, ReadOnlySpan<Tensor> states, ReadOnlySpan<Tensor> next)
    {
        foreach (var state in states)
        {
            var goesOn = false;
            foreach (var tensor in next)
            {
                goesOn |= ReferenceEquals(state, tensor);
            }

            if (!goesOn)
            {
                state.Dispose();
            }
        }

        foreach (var tensor in next)
        {
            pass.MoveToOuter(tensor);
        }
    }

    /// <summary>
    /// Whether the result of an operation on a temporary may take its place in memory: no graph may need what stood
    /// there, and the result must have its shape and dtype.
    /// </summary>
    /// <param name="temporary">A tensor that nobody else reads.</param>
    /// <param name="operand">The other operand.</param>
    public static bool CanOverwrite(Tensor temporary, Tensor operand)
    {
        if (temporary.requires_grad || (operand.requires_grad && is_grad_enabled()) || temporary.dtype != operand.dtype)
        {
            return false;
        }

        var (wide, narrow) = ((int)temporary.dim(), (int)operand.dim());
        for (var i = 1; i <= narrow; i++)
        {
            if (i > wide || (operand.size(narrow - i) != 1 && operand.size(narrow - i) != temporary.size(wide - i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Runs an action while every call of a bijector on this thread is told to the observer before it is made,
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

    /// <summary>Sees to it that a tensor leaves the part that it maps the shape it has, and the dtype.</summary>
    /// <param name="f">The bijector.</param>
    /// <param name="operand">The tensor.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="part">The shape of the part.</param>
    /// <exception cref="ShapeException">It would broadcast the part to another shape.</exception>
    /// <exception cref="ArgumentException">It holds whole numbers.</exception>
    public static void CheckOperand(Bijector f, Tensor operand, string name, Shape part)
    {
        if (!operand.is_floating_point())
        {
            throw new ArgumentException($"{f}: expected '{name}' in a floating dtype, got {operand.dtype}; "
                + "convert it where it is made: .to(ScalarType.Float32).");
        }

        // Where an event is one number, points may have any dimensions.
        if (f.EventRank > 0 && !Fits(operand, part))
        {
            throw new ShapeException(
                $"{f}",
                $"expected a part that '{name}' of shape {Shape.Of(operand.shape)} maps number by number",
                $"got {part}");
        }
    }

    /// <summary>Sees to it that a tensor that is computed leaves the part that it maps its shape, see above.</summary>
    public static void CheckOperand(Bijector f, Func<Tensor> operand, string name, Shape part)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        CheckOperand(f, operand(), name, part);
    }

    /// <summary>Sees to it that a part that maps another number by number leaves it its shape.</summary>
    /// <exception cref="ShapeException">It would broadcast it to another shape, or does not fit.</exception>
    public static void CheckOperand(Bijector f, Shape operand, Shape part)
    {
        if (f.EventRank > 0 && !Fits(operand.ToArray(), part))
        {
            throw new ShapeException($"{f}", $"expected a part that one of shape {operand} maps number by number",
                $"got {part}");
        }
    }

    /// <summary>A number inside of a domain, as far as that is one interval; 0 elsewhere.</summary>
    public static double PointIn(Domain domain) => domain is not Interval { Low: var low, High: var high }
        || (low < 0 && high > 0) ? 0
        : double.IsInfinity(high) ? low + 1 : double.IsInfinity(low) ? high - 1 : (low + high) / 2;

    private static bool Fits(Tensor operand, Shape part) => Fits(operand.shape, part);

    private static bool Fits(long[] sizes, Shape part)
    {
        var rank = sizes.Length;
        if (rank > part.Rank)
        {
            return false;
        }

        for (var dim = 1; dim <= rank; dim++)
        {
            var size = sizes[rank - dim];
            if (size != 1 && size != part[-dim])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sees to it that a matrix has the size of the axis along which it acts.</summary>
    /// <exception cref="ShapeException">It is not <c>(D, D)</c>, with D the size of the axis.</exception>
    public static void CheckMatrix(Bijector f, Tensor matrix, Shape part, int axis) =>
        CompilerServices.LinearMap.Check(f, part, axis, matrix);

    /// <summary>
    /// Sees to it that a matrix that is computed has the size of the axis along which it acts, see above.
    /// </summary>
    public static void CheckMatrix(Bijector f, Func<Tensor> matrix, Shape part, int axis)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        CompilerServices.LinearMap.Check(f, part, axis, matrix());
    }

    /// <summary>Sees to it that weights have a row for every entry of a vector.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    public static void CheckWeights(Bijector f, Tensor weights, Shape part)
    {
        if (weights.dim() == 0 || weights.size(0) != part[-1])
        {
            throw new ShapeException($"{f}", $"expected weights for vectors of {part[-1]} entries",
                $"got {Shape.Of(weights.shape)}");
        }
    }

    /// <summary>Sees to it that weights that are computed have a row for every entry of a vector.</summary>
    public static void CheckWeights(Bijector f, Func<Tensor> weights, Shape part)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        CheckWeights(f, weights(), part);
    }

    /// <summary>Sees to it that two parts that are mixed have one shape.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    public static void CheckMixture(Bijector f, Shape first, Shape second)
    {
        if (first != second)
        {
            throw new ShapeException($"{f}", "expected parts of one shape to mix", $"got {first} and {second}");
        }
    }

    /// <summary>
    /// Stops a map whose operand has more dimensions than the part it maps: broadcasting would make
    /// elements out of nothing.
    /// </summary>
    /// <exception cref="ShapeException">The output has another number of elements than the input, or of dimensions
    /// where a bijector keeps them.</exception>
    public static void CheckSize(Bijector f, Tensor input, Tensor output)
    {
        if (input.numel() != output.numel() || (input.dim() != output.dim() && f.EventRank == f.OutputEventRank))
        {
            throw new ShapeException(
                f.ToString(), $"expected operands that broadcast to a point of shape {Shape.Of(input.shape)}",
                $"got an operand that makes it {Shape.Of(output.shape)}");
        }
    }
}
