using Bijectors.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class CausalSolveTests : NumericalTest
{
    private readonly Made _net;
    private readonly Bijector _whose;

    public CausalSolveTests()
    {
        _net = new(6, hidden: 12, blockCount: 2, Generator, contextSize: 2);
        using var gradients = no_grad();
        foreach (var parameter in _net.parameters())
        {
            parameter.normal_(0, 0.4, Generator);
        }

        _net.to(ScalarType.Float64);
        _whose = new MaskedAutoregressive(_net);
    }

    // A negative slope among the scales, so that signs count.
    private Tensor Map(Tensor mapped, Tensor conditioning, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (raw, shift) = _net.ScaleAndShift(conditioning, context);
        return ((mapped * -raw.tanh().exp()) + shift).MoveToOuterDisposeScope();
    }

    private Tensor Inverse(Tensor y, Tensor? context)
    {
        using var solve = new CausalSolve(_whose, y, -1, 1);
        while (solve.MoveNext())
        {
            using var step = NewDisposeScope();
            var (raw, shift) = _net.ScaleAndShift(solve.Known, context);
            var (scale, move) = (-solve.Entry(raw).tanh().exp(), solve.Entry(shift));
            solve.Append((solve.Entry(y) - move) / scale);
        }

        return solve.Point((mapped, conditioning) => Map(mapped, conditioning, context));
    }

    private Tensor InverseByAutograd(Tensor y, Tensor? context)
    {
        var x = zeros_like(y);
        for (var i = 0; i < 6; i++)
        {
            var (raw, shift) = _net.ScaleAndShift(x, context);
            var next = (y - shift) / -raw.tanh().exp();
            x = where(arange(6) <= i, next, zeros_like(next));
        }

        return x;
    }

    [Fact]
    public void It_solves_entry_by_entry()
    {
        using var gradients = no_grad();
        var (x, context) = (Random(2, 3, 6), Random(2, 2));
        AssertClose(x, Inverse(Map(x, x, context), context), 1e-11);
        AssertClose(x[0, 0], Inverse(Map(x[0, 0], x[0, 0], context[0]), context[0]), 1e-11);
    }

    [Fact]
    public void Gradients_are_those_of_autograd_through_all_passes()
    {
        var y = Random(2, 3, 6).requires_grad_();
        var context = Random(2, 2).requires_grad_();
        var weights = Random(2, 3, 6);
        Tensor[] leaves = [y, context, .. _net.parameters()];
        var expected = GradientsOf(() => InverseByAutograd(y, context), weights, leaves);
        var actual = GradientsOf(() => Inverse(y, context), weights, leaves);
        foreach (var (right, ours) in expected.Zip(actual))
        {
            AssertClose(right, ours, 1e-9);
        }
    }

    [Fact]
    public void Gradients_pass_through_what_comes_before_and_after_and_may_be_asked_for_twice()
    {
        var z = Random(3, 6).requires_grad_();
        var context = Random(3, 2);
        var weights = Random(3, 6);
        var expected = GradientsOf(() => InverseByAutograd(z.sinh(), context).sin(), weights, z)[0];
        z.grad = null;
        var loss = (Inverse(z.sinh(), context).sin() * weights).sum();
        loss.backward([], retain_graph: true);
        AssertClose(expected, z.grad!, 1e-9);
        loss.backward();
        AssertClose(2 * expected, z.grad!, 1e-9);

        // The graph is gone: an error of autograd as everywhere, where an exception inside backward would
        // end the process.
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());
    }

    [Fact]
    public void Without_gradients_nothing_is_attached_and_grad_mode_comes_back()
    {
        var (y, context) = (Random(3, 6).requires_grad_(), Random(3, 2));
        using (no_grad())
        {
            Assert.False(Inverse(y, context).requires_grad);
        }

        Assert.True(Inverse(y, context).requires_grad);
        foreach (var parameter in _net.parameters())
        {
            parameter.requires_grad_(false);
        }

        Assert.False(Inverse(y.detach(), context).requires_grad);
        using (var solve = new CausalSolve(_whose, y, -1, 1))
        {
            solve.MoveNext();
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void No_tensor_survives()
    {
        var (y, context) = (Random(3, 6).requires_grad_(), Random(3, 2));
        Assert.Equal(0, Survivors(() => Inverse(y, context).Dispose()));
        Assert.Equal(0, Survivors(() =>
        {
            using var scope = NewDisposeScope();
            Inverse(y, context).sum().backward();
            y.grad = null;
        }));
    }

    [Fact]
    public void A_point_that_is_not_a_number_stays_one_and_the_others_are_solved()
    {
        using var gradients = no_grad();
        var (x, context) = (Random(3, 6), Random(3, 2));
        var y = Map(x, x, context);
        y[1, 2] = double.NaN;
        var back = Inverse(y, context);
        AssertClose(x[0], back[0], 1e-11);
        AssertClose(x[2], back[2], 1e-11);
        Assert.Equal([false, false, true, true, true, true], back[1].isnan().data<bool>().ToArray());
    }

    [Fact]
    public void Entries_of_another_size_are_refused()
    {
        using var solve = new CausalSolve(_whose, zeros(3, 6), -1, 1);
        solve.MoveNext();
        Assert.Equal([3, 1], solve.Entry(zeros(3, 6)).shape);
        Assert.Equal([3, 1], solve.Entry(zeros(3, 1)).shape);
        Assert.Equal([], solve.Entry(zeros([])).shape);
        Assert.Equal(
            "MaskedAutoregressive(6): expected a causal function to give size 6 or 1 along dimension -1, got (3, 5).",
            Assert.Throws<ShapeException>(() => solve.Entry(zeros(3, 5))).Message);
        Assert.Throws<ShapeException>(() => solve.Append(zeros(2, 3, 1)));
        Assert.Throws<InvalidOperationException>(() => solve.Point((x, _) => x));
        Assert.Throws<ShapeException>(() => new CausalSolve(_whose, zeros(3), -2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CausalSolve(_whose, zeros(3, 6), 0, 1));
    }

    [Fact]
    public void A_raster_goes_through_the_last_axis_first()
    {
        using var scope = NewDisposeScope();
        var values = arange(2 * 3 * 4).reshape(1, 2, 3, 4);
        using var solve = new CausalSolve(_whose, zeros(1, 2, 3, 4), [-2, -1], 3);
        for (var i = 0; solve.MoveNext(); i++)
        {
            Assert.Equal([1, 2, 1, 1], solve.Entry(values).shape);
            Assert.Equal(i, solve.Entry(values)[0, 0, 0, 0].item<long>());
            Assert.Equal(i, solve.Entry(values.unsqueeze(-1), trailing: 1)[0, 0, 0, 0, 0].item<long>());
            Assert.Equal(i % 4, solve.Entry(arange(4)).item<long>());
            Assert.Equal(i / 4, solve.Entry(arange(3).unsqueeze(-1)).item<long>());
            solve.Append(full(1, 2, 1, 1, i));
        }

        Assert.True((solve.Known.narrow(1, 0, 1).flatten() == arange(12)).all().item<bool>());
        Assert.Throws<ShapeException>(() => solve.Entry(zeros(1, 2, 2, 4)));
    }

    [Fact]
    public void Points_of_a_batch_are_no_entries()
    {
        var error = Assert.Throws<ShapeException>(() => new CausalSolve(_whose, zeros(3, 6), [-2, -1], 1));
        Assert.Contains("expected entries along dimension -2, got 1 dimensions in an event", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_is_told_all_entries_but_the_last_and_is_disposed()
    {
        using var pass = new Listening();
        using (var solve = new CausalSolve(_whose, zeros(2, 4), -1, 1))
        {
            Assert.Same(pass, solve.Begin(pass));
            for (var i = 0; solve.MoveNext(); i++)
            {
                solve.Append(full(2, 1, i));
            }

            Assert.Equal([0, 1, 2], pass.Heard);
            Assert.False(pass.IsDisposed);
        }

        Assert.True(pass.IsDisposed);
    }

    [Fact]
    public void Without_gradients_the_equation_is_not_evaluated()
    {
        using var gradients = no_grad();
        var y = Random(2);
        using var solve = new CausalSolve(_whose, y, -1, 1);
        while (solve.MoveNext())
        {
            solve.Append(solve.Entry(y));
        }

        AssertClose(y, solve.Point((_, _) => throw new InvalidOperationException("evaluated")), 0);
    }

    private sealed class Listening : CausalPass
    {
        public List<double> Heard { get; } = [];

        public bool IsDisposed { get; private set; }

        public override void Append(Tensor entry) => Heard.Add(entry.mean().item<float>());

        protected override void Dispose(bool disposing) => IsDisposed = true;
    }

    [Fact]
    public void Entries_may_be_rows()
    {
        // Running sums of the rows before: strictly causal along -2.
        var y = Random(2, 5, 3).requires_grad_();
        var weights = Random(2, 5, 3);
        static Tensor Before(Tensor x) => (x.cumsum(-2) - x).tanh();
        var x = Rows(y);
        AssertClose(y, (2 * x) + Before(x), 1e-12);
        var actual = GradientsOf(() => Rows(y), weights, y)[0];
        var jacobian = Testing.Jacobians.Of(h => (2 * h) + Before(h), x.detach(), eventRank: 2);
        var expected = linalg.solve(jacobian.mT, weights.reshape(2, 15, 1)).reshape(2, 5, 3);
        AssertClose(expected, actual, 1e-12);

        static Tensor Rows(Tensor y)
        {
            using var solve = new CausalSolve(new PluLinear(3, new Generator(1)).Along(-1), y, -2, 2);
            while (solve.MoveNext())
            {
                using var step = NewDisposeScope();
                solve.Append((solve.Entry(y) - solve.Entry(Before(solve.Known))) / 2);
            }

            return solve.Point((mapped, conditioning) => (2 * mapped) + Before(conditioning));
        }
    }
}
