using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// What a flow is trained on and chosen by. Items are raw: levels <c>0..Levels - 1</c> for a flow that has levels, to
/// which the trainer adds dequantization noise, and points as they are for any other. They may be of any dtype of real
/// numbers and on any device: each batch is brought to the dtype and the device of the flow, whole numbers exactly
/// where it has enough digits (float32: up to 16,777,216). The tensors stay the caller's.
/// </summary>
/// <param name="Train">The items to train on, <c>(N, event...)</c>, at least one.</param>
/// <param name="Validation">The items to choose the best epoch by, <c>(V, event...)</c>; null or empty to keep the
/// last epoch.</param>
/// <param name="TrainContext">What a conditional flow is given with each training item, <c>(N, C)</c>; null
/// otherwise.</param>
/// <param name="ValidationContext">The context of the validation items, <c>(V, C)</c>.</param>
public sealed record TrainingData(
    Tensor Train, Tensor? Validation = null, Tensor? TrainContext = null, Tensor? ValidationContext = null)
{
    internal bool HasValidation => Validation is not null && Validation.size(0) > 0;

    internal void Check(Flow flow)
    {
        Check(flow, nameof(Train), Train, TrainContext);
        if (Train.size(0) == 0)
        {
            throw new ArgumentException("TrainingData: expected at least one item to train on, got none.");
        }

        if (Validation is not null)
        {
            Check(flow, nameof(Validation), Validation, ValidationContext);
        }
    }

    private static void CheckNumbers(string part, Tensor numbers)
    {
        if (numbers.dtype is ScalarType.Bool or ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64)
        {
            throw new ArgumentException(
                $"TrainingData.{part}: expected real numbers, got {numbers.dtype}; convert them with .to(...).");
        }
    }

    internal static void Check(Flow flow, string part, Tensor items, Tensor? context)
    {
        CheckNumbers(part, items);
        if (context is not null)
        {
            CheckNumbers($"{part}Context", context);
        }

        if (items.dim() != flow.EventShape.Rank + 1 || !items.shape.AsSpan(1).SequenceEqual(flow.EventShape.ToArray()))
        {
            throw new ShapeException(
                $"TrainingData.{part}",
                $"expected items of shape {flow.EventShape} behind one batch dimension",
                $"got ({string.Join(", ", items.shape)})");
        }

        var shape = flow.ContextShape;
        long[] expected = [items.size(0), .. shape?.ToArray() ?? []];
        var fits = shape is null ? context is null : context is not null && context.shape.SequenceEqual(expected);
        if (!fits)
        {
            throw new ShapeException(
                $"TrainingData.{part}Context",
                shape is null
                    ? "expected no context for a flow without one"
                    : $"expected a context ({string.Join(", ", expected)})",
                context is null ? "got none" : $"got ({string.Join(", ", context.shape)})");
        }
    }
}
