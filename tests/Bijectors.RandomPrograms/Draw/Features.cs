namespace Bijectors.RandomPrograms.Draw;

/// <summary>The forms that can be left out of the programs.</summary>
[Flags]
internal enum Features
{
    None = 0,
    Loops = 1,
    Branches = 2,
    Causal = 4,
    Contractive = 8,
    Monotone = 16,
    Primitives = 32,
    MultiSplits = 64,
    Swaps = 128,
    Joints = 256,
    Pieces = 512,
    Masks = 1024,
    Sizes = 2048,
    Surfaces = 4096,

    /// <summary>What the compiler accepts.</summary>
    Current =
        Loops | Branches | Causal | Contractive | Monotone | Primitives | MultiSplits | Swaps | Joints | Pieces | Masks
        | Sizes | Surfaces,
    All = Current,
}
