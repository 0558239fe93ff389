using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>What a compiled bijector makes sure of that its declaration cannot show. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Checks
{
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

    /// <summary>Sees to it that a tensor leaves the part that it maps the shape it has, and the dtype.</summary>
    /// <param name="f">The bijector.</param>
    /// <param name="operand">The tensor.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="part">The shape of the part.</param>
    /// <exception cref="ShapeException">It would broadcast the part to another shape.</exception>
    /// <exception cref="ArgumentException">It holds whole numbers.</exception>
    public static void Operand(Bijector f, Tensor operand, string name, Shape part)
    {
        if (!operand.is_floating_point())
        {
            throw new ArgumentException(
                $"{f}: expected '{name}' in a floating dtype, got {operand.dtype}; convert it where it is made: "
                + ".to(ScalarType.Float32).");
        }

        // Where an event is one number, points may have any dimensions.
        if (f.EventRank > 0 && !Fits(operand, part))
        {
            throw new ShapeException(
                $"{f}", $"expected a part that '{name}' of shape {Shape.Of(operand.shape)} maps number by number",
                $"got {part}");
        }
    }

    /// <summary>Sees to it that a tensor that is computed leaves the part that it maps its shape, see above.</summary>
    public static void Operand(Bijector f, Func<Tensor> operand, string name, Shape part)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        Operand(f, operand(), name, part);
    }

    /// <summary>Sees to it that a part that maps another number by number leaves it its shape.</summary>
    /// <exception cref="ShapeException">It would broadcast it to another shape, or does not fit.</exception>
    public static void Operand(Bijector f, Shape operand, Shape part)
    {
        if (f.EventRank > 0 && !Fits(operand.ToArray(), part))
        {
            throw new ShapeException($"{f}", $"expected a part that one of shape {operand} maps number by number",
                $"got {part}");
        }
    }

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
    public static void Matrix(Bijector f, Tensor matrix, Shape part, int axis) =>
        LinearMap.Check(f, part, axis, matrix);

    /// <summary>
    /// Sees to it that a matrix that is computed has the size of the axis along which it acts, see above.
    /// </summary>
    public static void Matrix(Bijector f, Func<Tensor> matrix, Shape part, int axis)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        LinearMap.Check(f, part, axis, matrix());
    }

    /// <summary>Sees to it that weights have a row for every entry of a vector.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    public static void Weights(Bijector f, Tensor weights, Shape part)
    {
        if (weights.dim() == 0 || weights.size(0) != part[-1])
        {
            throw new ShapeException($"{f}", $"expected weights for vectors of {part[-1]} entries",
                $"got {Shape.Of(weights.shape)}");
        }
    }

    /// <summary>Sees to it that weights that are computed have a row for every entry of a vector.</summary>
    public static void Weights(Bijector f, Func<Tensor> weights, Shape part)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        Weights(f, weights(), part);
    }

    /// <summary>Sees to it that two parts that are mixed have one shape.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    public static void Mixture(Bijector f, Shape first, Shape second)
    {
        if (first != second)
        {
            throw new ShapeException($"{f}", "expected parts of one shape to mix", $"got {first} and {second}");
        }
    }

    /// <summary>
    /// Stops a map whose operand has more dimensions than the part it maps: broadcasting would make elements out of
    /// nothing.
    /// </summary>
    /// <exception cref="ShapeException">The output has another number of elements than the input, or of dimensions
    /// where a bijector keeps them.</exception>
    public static void Size(Bijector f, Tensor input, Tensor output)
    {
        if (input.numel() != output.numel() || (input.dim() != output.dim() && f.EventRank == f.OutputEventRank))
        {
            throw new ShapeException(
                f.ToString(), $"expected operands that broadcast to a point of shape {Shape.Of(input.shape)}",
                $"got an operand that makes it {Shape.Of(output.shape)}");
        }
    }
}
