using Bijectors.Testing;
using Bijectors.Testing.Doctor;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Doctor;

/// <summary>Calls that are wrong in the ways in which operations of torch are, and what is told of them.</summary>
public class WrongCallTests
{
    private const string Shapes = "17, 5x7";

    private static readonly TorchCheckOptions s_options = new() { Threads = [1, 2], Repeats = 2 };

    [Fact]
    public void Memory_that_was_never_written_is_seen()
    {
        var (what, example) = Wrong(x =>
        {
            var y = empty_like(x);
            using var grad = no_grad();
            y.flatten().narrow(0, 0, x.numel() - 1).copy_(x.flatten().narrow(0, 0, x.numel() - 1));
            return y;
        });
        Assert.Equal("value", what);
        Assert.Contains("got NaN in place 16 of 17", example);
    }

    [Fact]
    public void Numbers_beside_those_of_a_tensor_are_seen()
    {
        var (what, example) = Wrong(x => x.dim() == 1 ? x.as_strided(x.shape, [1]) : x);
        Assert.Equal("value", what);
        Assert.Contains("(17) spaced, float32, threads: 1: expected ", example);
        Assert.Contains("got NaN in place ", example);
    }

    [Fact]
    public void What_is_wrong_in_one_dtype_alone_is_seen()
    {
        var (what, example) = Wrong(x => x.dtype == ScalarType.Float64 ? x + 1e-6 : x);
        Assert.Equal("value", what);
        Assert.Contains("(17) contiguous, float64, threads: 1: expected ", example);
    }

    [Fact]
    public void What_is_wrong_with_several_threads_alone_is_seen()
    {
        var (_, example) = Wrong(x => get_num_threads() > 1 ? x + 1 : x);
        Assert.Contains("(5, 7) contiguous, float32, threads: 2: expected ", example);
    }

    [Fact]
    public void A_gradient_that_is_wrong_beside_a_value_that_is_right_is_seen() =>
        Assert.Equal("gradient of argument 1", Wrong(x => (2 * x.detach()) - x).What);

    [Fact]
    public void A_result_without_a_gradient_counts_as_one_with_zero() =>
        Assert.Equal("gradient of argument 1", Wrong(x => x.detach().clone()).What);

    [Fact]
    public void A_missing_gradient_counts_as_zero() => Assert.Equal(
        "gradient of argument 2",
        Wrong(Row.Of("test", "3 3", (a, b) => a + b.detach(), (a, b) => a.Map(b, (p, q) => p + q))).What);

    [Fact]
    public void A_result_of_another_size_is_told() =>
        Assert.Contains("expected 17 numbers, got 16", Wrong(x => x.flatten().narrow(0, 1, x.numel() - 1)).Example);

    [Fact]
    public void A_call_that_throws_is_told()
    {
        var (what, example) = Wrong(x => x.reshape(4, 9));
        Assert.Equal("the call", what);
        Assert.Contains("ExternalException, shape '[4, 9]' is invalid for input of size 17", example);
    }

    [Fact]
    public void A_call_that_throws_once_is_made_again()
    {
        var calls = 0;
        var right = Row.Of("test", "3", x => ++calls == 1 ? x.reshape(4, 9) : x.clone(), x => x);
        Assert.Empty(right.Check(s_options).Wrong);
    }

    private static (string What, string Example) Wrong(Func<Tensor, Tensor> identity) =>
        Wrong(Row.Of("test", Shapes, x => identity(x), x => x));

    private static (string What, string Example) Wrong(Operation operation)
    {
        var (what, _, example) = operation.Check(s_options).Wrong.First();
        return (what, example);
    }
}
