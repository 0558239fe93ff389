using System.Runtime.InteropServices;

namespace Bijectors.Testing.Doctor;

/// <summary>
/// Asks an operation for its results on one set of arguments: in both dtypes, in each layout, with each number of
/// threads.
/// </summary>
internal sealed class CaseCheck
{
    private readonly TabledOperation _operation;
    private readonly TorchCheckOptions _options;
    private readonly Tally _tally;
    private readonly int[][] _shapes;
    private readonly double[][] _numbers;
    private readonly Expected _expected;
    private bool _isFilled;

    /// <summary>Draws the arguments, the same at every call, and runs the loops.</summary>
    public CaseCheck(TabledOperation operation, int[][] shapes, TorchCheckOptions options, Tally tally)
    {
        (_operation, _shapes, _options, _tally) = (operation, shapes, options, tally);
        var random = new Random(Seed($"{operation.Title} {ShapesText}"));
        _numbers = [.. shapes.Select((shape, i) => operation.DrawOf(i).Numbers(random, shape))];
        _expected = Expected.Of(operation, _numbers, shapes, random);
    }

    private string ShapesText => string.Join(" ", _shapes.Select(shape => $"({string.Join(", ", shape)})"));

    /// <summary>Asks.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="layouts">How the arguments lie.</param>
    /// <param name="repeats">How often.</param>
    public void Run(int threads, IEnumerable<Layout> layouts, int repeats)
    {
        set_num_threads(threads);
        foreach (var dtype in (ReadOnlySpan<ScalarType>)[ScalarType.Float32, ScalarType.Float64])
        {
            foreach (var layout in layouts.Where(Differs))
            {
                for (var i = 0; i < repeats; i++)
                {
                    _isFilled = i % 2 == 0 && Poison.Fill(true);
                    Try(dtype, layout, () => $"{ShapesText} {layout.Name}, {Name(dtype)}, threads: {threads}");
                    Poison.Fill(false);
                }
            }
        }
    }

    private bool Differs(Layout layout) => layout == Layout.Contiguous
        || _shapes.Any(shape => !layout.Strides(shape).SequenceEqual(Layout.Contiguous.Strides(shape)));

    private void Try(ScalarType dtype, Layout layout, Func<string> where)
    {
        try
        {
            try
            {
                Once(dtype, layout, where);
            }
            catch (ExternalException)
            {
                // The binding may free a number while a call still reads it, where another thread collects garbage:
                // what is wrong stays wrong.
                Once(dtype, layout, where);
            }
        }
        catch (Exception exception)
        {
            _tally.Threw("the call", exception, where);
        }
    }

    private void Once(ScalarType dtype, Layout layout, Func<string> where)
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            var arguments = Place(dtype, layout);
            PoisonMemory(dtype);
            Compare(_operation.Call(arguments), dtype, where);
        }

        if (_operation.HasGradient)
        {
            OnceWithGradients(dtype, layout, where);
        }
    }

    private void OnceWithGradients(ScalarType dtype, Layout layout, Func<string> where)
    {
        using var grad = enable_grad();
        var leaves = Place(dtype, layout);
        var differentiable = leaves.Where(leaf => leaf.is_floating_point()).ToArray();
        Array.ForEach(differentiable, leaf => leaf.requires_grad_());
        PoisonMemory(dtype);
        var results = _operation.Call(_operation.Overwrites ? [leaves[0].clone(), .. leaves.Skip(1)] : leaves);
        var tracked = Enumerable.Range(0, results.Length).Where(i => results[i].requires_grad).ToArray();
        if (tracked.Length == 0 && !_expected.Gradients.Any(gradient => gradient.Numbers.Any(number => number != 0)))
        {
            return;
        }

        Compare(results, dtype, where);
        if (tracked.Length > 0)
        {
            Tensor[] cotangents =
                [.. tracked.Select(i => layout.Place(_expected.Cotangents[i], _expected.Shapes[i], results[i].dtype))];
            PoisonMemory(dtype);
            autograd.backward([.. tracked.Select(i => results[i])], cotangents, inputs: differentiable);
        }

        for (var i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].requires_grad)
            {
                Compare($"gradient of argument {i + 1}", _expected.Gradients[i], leaves[i].grad, dtype, where);
            }
        }
    }

    private Tensor[] Place(ScalarType dtype, Layout layout) =>
        [.. _shapes.Select((shape, i) => layout.Place(_numbers[i], shape, _operation.DrawOf(i).DType ?? dtype))];

    // What the C library keeps at hand of small memory it does not fill, so both ways are gone in turn.
    private void PoisonMemory(ScalarType dtype)
    {
        if (!_isFilled)
        {
            var shapes = _shapes.Concat(_expected.Shapes);
            Poison.Spread(shapes.Select(shape => RealArray.Count(shape) * dtype.ElementSize()));
        }
    }

    private void Compare(Tensor[] results, ScalarType dtype, Func<string> where)
    {
        for (var i = 0; i < _expected.Values.Count; i++)
        {
            Compare(results.Length > 1 ? $"value {i + 1}" : "value", _expected.Values[i], results[i], dtype, where);
        }
    }

    private void Compare(string what, Expected.Result expected, Tensor? result, ScalarType dtype, Func<string> where)
    {
        var got = result is null ? new double[expected.Numbers.Length] : Layout.Read(result);
        _options.Spoilt(_operation.Name, what, got);
        _tally.Compare(what, expected.Numbers, expected.Allowed(dtype), got, where);
    }

    // That of .NET differs from process to process.
    private static int Seed(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();
}
