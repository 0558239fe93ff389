using System.Diagnostics.Contracts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.RandomPrograms;

/// <summary>
/// What drawn programs are made of besides the language: parameters, networks, bijectors, each determined by a seed.
/// </summary>
public static class Pieces
{
    /// <summary>A parameter with entries between two numbers; size 0 makes a scalar.</summary>
    public static Parameter Parameter(double low, double high, long size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        using var entries = rand(size == 0 ? [] : [size], dtype: ScalarType.Float32, generator: generator);
        return Kept(new Parameter(low + ((high - low) * entries)));
    }

    /// <summary>A square matrix with entries between -0.7 and 0.7.</summary>
    public static Parameter Matrix(long size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        using var entries = rand([size, size], dtype: ScalarType.Float32, generator: generator);
        return Kept(new Parameter(1.4 * (entries - 0.5)));
    }

    /// <summary>A network from one part to another.</summary>
    public static Conditioner Network(Shape from, Shape to, int seed, long context = 0, int copies = 2)
    {
        using var generator = new Generator((ulong)seed);
        return from.Rank == 1 && seed % 2 == 0
            ? new ResidualMlp(from.Size, copies * to.Size, hidden: 4, blockCount: 1, generator, context)
            : new DenseNetwork(from, to, seed, context, copies);
    }

    /// <summary>Several networks of one kind.</summary>
    public static ModuleList<Conditioner> Networks(int count, Shape from, Shape to, int seed, long context = 0) =>
        new([.. Enumerable.Range(0, count).Select(i => Network(from, to, seed + (2 * i), context))]);

    /// <summary>A masked network.</summary>
    public static Made Masked(long size, int seed, long context = 0)
    {
        using var generator = new Generator((ulong)seed);
        return new(size, hidden: 5, blockCount: 1, generator, context);
    }

    /// <summary>A linear map.</summary>
    public static Bijector Linear(long size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return new PluLinear(size, generator);
    }

    /// <summary>A coupling of vectors.</summary>
    public static Bijector Coupling(long size, int seed, long context = 0) =>
        new AffineCoupling(Network(Shape.Vector((size + 1) / 2), Shape.Vector(size / 2), seed, context));

    /// <summary>A permutation of 0..size-1 and its inverse.</summary>
    public static (Tensor Order, Tensor Inverse) Orders(long size, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var order = randperm(size, generator: generator);
        return (Kept(order), Kept(order.argsort()));
    }

    /// <summary>The mean over the last dimensions, each of size 1 afterwards.</summary>
    [Pure]
    public static Tensor Mean(Tensor a, int rank) => a.mean([.. Enumerable.Range(1, rank).Select(d => -(long)d)], true);

    /// <summary>For every entry the sum of those before it.</summary>
    public static Tensor Before(Tensor x)
    {
        using var scope = NewDisposeScope();
        var sums = cat([zeros_like(x.narrow(-1, 0, 1)), x.narrow(-1, 0, x.shape[^1] - 1).cumsum(-1)], -1);
        return sums.MoveToOuterDisposeScope();
    }

    /// <summary>For every pixel a number from those before it in raster order.</summary>
    public static Tensor Raster(Tensor x)
    {
        using var scope = NewDisposeScope();
        var all = x.tanh();
        var rows = all.mean([-1L], true);
        return (rows.cumsum(-2) - rows + all.cumsum(-1) - all).sin().MoveToOuterDisposeScope();
    }

    /// <summary>Three bins for every entry, from those before it.</summary>
    public static (Tensor Widths, Tensor Heights, Tensor Slopes) Bins(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var before = Before(x.tanh());
        var column = before.unsqueeze(-1);
        var rates = arange(1, 4, dtype: x.dtype, device: x.device) / 3;
        return scope.MoveToOuter(
            (column * rates).sin(), (column + rates).cos(), (column - rates.narrow(0, 0, 2)).tanh());
    }

    /// <summary>Zeros and ones, some of both where there is more than one entry.</summary>
    public static Tensor Mask(Shape shape, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        return ((randperm(shape.Size, generator: generator) + (seed % 2)) % 2).to(ScalarType.Float32)
            .reshape(shape.ToArray()).DetachFromDisposeScope();
    }

    private static T Kept<T>(T tensor)
        where T : Tensor
    {
        tensor.DetachFromDisposeScope();
        return tensor;
    }
}
