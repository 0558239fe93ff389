using System.Runtime.InteropServices;
using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>What every backward pass in C# has to do.</summary>
public sealed class BackwardTests : NumericalTest
{
    private const string Changed = "modified by an inplace operation";

    /// <summary>Every function of ours whose backward pass needs something of the forward pass, by its name.</summary>
    public static TheoryData<string> Functions =>
    [
        .. new[] { typeof(Backward), typeof(Bijector) }.SelectMany(one => one.Assembly.GetTypes())
            // Marks keep no tensors, so none of theirs can have been changed.
            .Where(type => IsFunction(type) && type != typeof(FirstDerivatives)
                && type.DeclaringType != typeof(BackwardMarks))
            .Select(type => type.Name),
    ];

    [Fact]
    public void Gradients_that_are_returned_live_until_the_next_call()
    {
        var given = Random(3);
        var (first, second) = (Random(3).DetachFromDisposeScope(), Random(3).DetachFromDisposeScope());
        var returned = Backward.Run([Of(3), Of(3)], [given, null], () => [first, null]);
        Assert.Equal((IEnumerable<Tensor?>)[first, null], returned);
        Assert.True(given.IsInvalid);
        Assert.False(first.IsInvalid);
        Backward.Run([Of(3)], [Random(3)], () => [second]);
        Assert.True(first.IsInvalid);
        Assert.False(second.IsInvalid);
        Backward.Release();
        Assert.True(second.IsInvalid);

        // Released once, it is forgotten.
        Backward.Release();
    }

    [Fact]
    public void Where_no_gradient_comes_in_none_goes_out() => Assert.Equal(
        (IEnumerable<Tensor?>)[null, null, null],
        Backward.Run([Of(3), Of(2), Of(4)], [null, null], () => throw new InvalidOperationException("Nobody asked.")));

    [Fact]
    public void Gradients_that_cannot_be_computed_are_NaN_where_torch_has_not_called()
    {
        var given = Random(3);
        Backward.Input[] inputs = [Of(2, 3), Of(4) with { DType = ScalarType.Float32 }];
        var gradients = Backward.Run(inputs, [given], () => throw new InvalidOperationException("It fails."));
        Assert.Equal(2, gradients.Count);
        Assert.All(gradients.Zip(inputs), pair =>
        {
            Assert.Equal(pair.Second.Shape, pair.First.shape);
            Assert.Equal(pair.Second.DType, pair.First.dtype);
            Assert.True(pair.First.isnan().all().item<bool>());
        });
        Assert.True(given.IsInvalid);
        Backward.Release();
        Assert.Equal("It fails.", Assert.Throws<InvalidOperationException>(() => BackwardPass.Run(() => { })).Message);
        BackwardPass.Run(() => { });
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void What_was_changed_after_the_forward_pass_is_an_exception_that_says_so(string function)
    {
        var (loss, leaf) = Changing(function);
        Assert.Contains(
            Changed, Assert.Throws<ExternalException>(() => BackwardPass.Run(loss)).Message, StringComparison.Ordinal);
        Assert.Null(leaf.grad);

        // A pass that nobody looks after stops as well, if not with its reason.
        (loss, leaf) = Changing(function);
        Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Null(leaf.grad);

        // An error of torch's in this call would end the process.
        (loss, leaf) = Changing(function);
        Assert.True(autograd.grad([loss], [leaf])[0].isnan().all().item<bool>());
        (loss, leaf) = Changing(function);
        Assert.Contains(
            Changed,
            Assert.Throws<ExternalException>(() => BackwardPass.Run(() => autograd.grad([loss], [leaf]))).Message,
            StringComparison.Ordinal);

        // What was is over.
        var fine = Random(3).requires_grad_();
        BackwardPass.Run(fine.square().sum());
        AssertClose(2 * fine, fine.grad!, 1e-15);
    }

    [Fact]
    public void Passes_inside_a_pass_keep_the_first_message()
    {
        // The step of a reversible flow runs backward in its own, where the kernel of its network complains.
        using var flow =
            Flow.On(Shape.Vector(4)).AffineCoupling(8).AffineCoupling(8).Into(Distribution.StandardNormal).Reversible();
        var loss = flow.LogProb(randn(16, 4, generator: Generator).requires_grad_()).sum();
        flow.Dispose();
        Assert.ThrowsAny<Exception>(() => BackwardPass.Run(loss));
    }

    private static bool IsFunction(Type type)
    {
        for (var parent = type.BaseType; parent is not null && !type.IsAbstract; parent = parent.BaseType)
        {
            if (parent.IsGenericType && parent.GetGenericTypeDefinition() is var definition
                && (definition == typeof(autograd.SingleTensorFunction<>)
                    || definition == typeof(autograd.MultiTensorFunction<>)))
            {
                return true;
            }
        }

        return false;
    }

    private static Backward.Input Of(params long[] shape) => new(shape, ScalarType.Float64, CPU);

    /// <summary>
    /// A loss that a function has computed from a leaf, with something changed that its backward pass needs.
    /// </summary>
    private (Tensor Loss, Tensor Leaf) Changing(string function)
    {
        var leaf = Random(17, 4).requires_grad_();
        var (loss, saved) = function switch
        {
            nameof(BoundedFunction) => (BoundedFunction.Apply(leaf, 2), leaf),
            nameof(ScaleShiftFunction) =>
                Of(Random(17, 4), s => ScaleShiftFunction.Apply(leaf, s, leaf, inverse: false)),
            nameof(SplineFunction) => Of(
                Random(17, 4, 5), widths => SplineFunction.Apply([leaf, widths, Random(17, 4, 5), Random(17, 4, 4)],
                    new(3, Inverse: false, WithLogSlope: false))[0]),
            nameof(ResidualFunction) =>
                Of(Random(3, 4), weight => ResidualFunction.Apply([leaf, weight, Random(3)], new())),
            nameof(LinearFunction) => Of(Random(3, 4), weight => LinearFunction.Apply(leaf, weight, Random(3))),
            nameof(ConvolutionFunction) => Of(Random(3, 17, 1, 1),
                weight => ConvolutionFunction.Apply([leaf.reshape(1, 17, 4, 1), weight, Random(3)])),
            nameof(SubstitutionFunction) => Of(Random(1, 4, 4),
                taps => SubstitutionFunction.Apply(leaf.reshape(17, 4, 1, 1), taps, new([(0, 1)], false, false))),
            nameof(NewtonStep) => Of(leaf * 2, residual => NewtonStep.Apply(
                Random(17, 4), new(residual, leaf, leaf, EventRank: 1, Steps: 5), new(1, 5, new(), IsFollowed: false))),
            nameof(TransposedSolution) => Of(leaf * 2, residual => TransposedSolution.Apply(
                Random(17, 4), leaf, new(residual, leaf, leaf, EventRank: 1, Steps: 5))),
            nameof(ReversibleFunction) => Of(Random(17, 4).requires_grad_() * 1, x =>
            {
                var flow =
                    Flow.On(Shape.Vector(4)).ActNorm().AffineCoupling(8).Into(Distribution.StandardNormal).Reversible();
                flow.to(ScalarType.Float64);
                leaf = flow.parameters().First();
                return flow.LogProb(x);
            }),
            _ => throw new InvalidOperationException($"{function}: expected a case of this test, got none."),
        };
        var sum = loss.sum();
        using var ungraded = no_grad();
        saved.add_(1);
        return (sum, leaf);

        static (Tensor, Tensor) Of(Tensor saved, Func<Tensor, Tensor> map) => (map(saved), saved);
    }
}
