using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Bijectors.Zoo;

/// <summary>The options that all models have: how they meet their data.</summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract record ModelOptions
{
    /// <summary>Bins of the trained spline of each entry that comes before all layers; 0 for none.</summary>
    [AtLeast(0)]
    public int MarginalBins { get; init; }

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Stops options that no model could be made of, in the words of the command line.</summary>
    /// <param name="model">The model, for the message.</param>
    /// <exception cref="ArgumentException">An option is less than its <see cref="AtLeastAttribute"/>
    /// says.</exception>
    internal void Check(string model)
    {
        foreach (var option in GetType().GetProperties())
        {
            if (option.GetCustomAttribute<AtLeastAttribute>() is { } bound && (int)option.GetValue(this)! < bound.Least)
            {
                throw new ArgumentException(
                    $"{model}: expected {char.ToLowerInvariant(option.Name[0])}{option.Name[1..]} of at least "
                    + $"{bound.Least}, got {option.GetValue(this)}.");
            }
        }
    }
}
