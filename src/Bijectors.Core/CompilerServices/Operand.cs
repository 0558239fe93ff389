using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>A known value that is a tensor or a number. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Operand
{
    private readonly Tensor? _tensor;
    private readonly double _number;

    private Operand(Tensor? tensor, double number) => (_tensor, _number) = (tensor, number);

    /// <summary>A tensor.</summary>
    public static implicit operator Operand(Tensor tensor) => new(tensor, 0);

    /// <summary>A number.</summary>
    public static implicit operator Operand(double number) => new(null, number);

    /// <summary>The tensor itself, or the number as one of no dimensions.</summary>
    internal Tensor On(Tensor point) => _tensor ?? tensor(_number, dtype: point.dtype, device: point.device);
}
