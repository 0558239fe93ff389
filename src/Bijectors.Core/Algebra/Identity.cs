using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The bijector <c>y = x</c>.</summary>
[GeneratedBijector]
public sealed partial class Identity : Bijector, IRearrangement
{
    /// <inheritdoc/>
    public override int EventRank => 0;

    bool IRearrangement.IsIdentity => true;

    Bijector IRearrangement.Undo => this;

    Bijector IRearrangement.Then(Bijector next) => next;

    [Forward]
    private static Tensor Map(Tensor x) => x;
}
