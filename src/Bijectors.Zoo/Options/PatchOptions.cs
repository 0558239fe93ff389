namespace Bijectors.Zoo;

/// <summary>The options of models that read an image as patches, by transformers.</summary>
public abstract record PatchOptions : ModelOptions
{
    /// <summary>Height and width of a patch; the model's <c>OptionsFor</c> has what suits an image.</summary>
    [AtLeast(1)]
    public int Patch { get; init; } = 2;

    /// <summary>Width of the tokens inside the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 32;

    /// <summary>Heads of attention.</summary>
    [AtLeast(1)]
    public int Heads { get; init; } = 2;

    /// <summary>How many times the width the hidden layers have.</summary>
    [AtLeast(1)]
    public int Expansion { get; init; } = 4;
}
