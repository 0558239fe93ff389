using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class LogDetsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_term_that_is_constant_along_a_dimension_counts_for_all_its_entries(int eventRank)
    {
        var like = zeros([2, 3, 4], ScalarType.Float64);
        foreach (var shape in (long[][])[[2, 3, 4], [2, 1, 4], [1, 3, 1], [3, 4], [3, 1], [4], [1], []])
        {
            var term = rand(shape, ScalarType.Float64) + 1;
            var whole = term.expand(2, 3, 4);
            var expected =
                eventRank == 0 ? whole : whole.sum([.. Enumerable.Range(1, eventRank).Select(i => (long)-i)]);
            var actual = LogDets.Sum(term, like, eventRank);
            Assert.True(actual.dim() <= expected.dim());
            Assert.True(actual.expand(expected.shape).allclose(expected, 1e-14, 1e-14));
        }
    }

    [Fact]
    public void A_term_of_vectors_counts_once_for_each_vector()
    {
        var like = zeros([2, 3, 4], ScalarType.Float64);
        var (each, shared, constant) = (rand([2, 3], ScalarType.Float64), rand([3], ScalarType.Float64), tensor(0.25));
        Assert.True(LogDets.Sum(each, like, 1, termRank: 1).Equals(each));
        Assert.True(LogDets.Sum(each, like, 2, termRank: 1).allclose(each.sum(-1), 1e-14, 1e-14));
        Assert.True(LogDets.Sum(shared, like, 2, termRank: 1).allclose(shared.sum(), 1e-14, 1e-14));
        Assert.True(LogDets.Sum(shared, like, 3, termRank: 1).allclose(2 * shared.sum(), 1e-14, 1e-14));
        Assert.Equal(1.5, LogDets.Sum(constant, like, 3, termRank: 1).item<double>());
        Assert.Equal(0.5, LogDets.Sum(constant, like, 3, termRank: 2).item<double>());
        Assert.Equal(0.25, LogDets.Sum(constant, like, 3, termRank: 3).item<double>());
        Assert.Equal(6, LogDets.Constant(0.25, like, 3).item<double>());
        Assert.Equal(1, LogDets.Constant(0.25, like, 1).item<double>());
        Assert.Equal(0.25, LogDets.Constant(0.25, like, 0).item<double>());
    }

    [Fact]
    public void An_event_has_no_more_dimensions_than_the_point() =>
        Assert.ThrowsAny<Exception>(() => LogDets.Sum(tensor(0.5), zeros(3), eventRank: 2));

    [Fact]
    public void Log_slopes_are_added_in_place_where_no_graph_needs_them()
    {
        var (first, second) = (rand([2, 3], ScalarType.Float64), rand([2, 3], ScalarType.Float64));
        var (sum, difference) = (first + second, first - second);
        var target = first.clone();
        Assert.Same(target, LogDets.AddSlope(target, second.alias()));
        Assert.True(target.Equals(sum));
        target = first.clone();
        Assert.Same(target, LogDets.SubtractSlope(target, second.alias()));
        Assert.True(target.Equals(difference));

        // A narrow one cannot take a wide result, nor a tensor that a graph needs any.
        var narrow = rand([3], ScalarType.Float64);
        Assert.True(LogDets.AddSlope(narrow.clone(), second.alias()).Equals(narrow + second));
        Assert.True(LogDets.SubtractSlope(narrow.clone(), second.alias()).Equals(narrow - second));
        var leaf = rand([2, 3], ScalarType.Float64).requires_grad_();
        var slopes = leaf.exp();
        var total = LogDets.SubtractSlope(LogDets.AddSlope(slopes, leaf.exp()), first.clone());
        total.sum().backward();
        Assert.True(leaf.grad!.allclose(2 * leaf.exp(), 1e-14, 1e-14));
        Assert.True(slopes.IsInvalid);
    }
}
