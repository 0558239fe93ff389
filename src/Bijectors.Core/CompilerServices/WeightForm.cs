using System.ComponentModel;

namespace Bijectors.CompilerServices;

/// <summary>How the w of <c>x.w</c> is written. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum WeightForm
{
    /// <summary>For each entry of x: <c>(x * w).sum(-1, keepdim: true)</c>.</summary>
    Row,

    /// <summary>A vector: <c>torch.matmul(x, w).unsqueeze(-1)</c>.</summary>
    Vector,

    /// <summary>A matrix of one column: <c>torch.matmul(x, w)</c>.</summary>
    Column,
}
