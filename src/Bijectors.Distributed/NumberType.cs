namespace Bijectors.Distributed;

/// <summary>What numbers a sum over ranks is of.</summary>
public enum NumberType
{
    /// <summary>Numbers of 32 bits.</summary>
    Float32,

    /// <summary>Numbers of 64 bits.</summary>
    Float64,
}
