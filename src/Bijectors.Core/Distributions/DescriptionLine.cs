using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A line of the table that <see cref="Flow.Describe"/> gives: a layer, a network or a distribution.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Output">The shape of an event that comes out of it.</param>
/// <param name="Parameters">How many numbers of it are trained.</param>
/// <param name="Facts">What is known of it, in a few words; empty where there is nothing to say.</param>
public sealed record DescriptionLine(string Name, Shape Output, long Parameters, string Facts)
{
    /// <summary>The line of a module, by its text.</summary>
    /// <param name="module">What it is about.</param>
    /// <param name="output">The shape of an event that comes out of it.</param>
    /// <param name="facts">What is known of it.</param>
    public static DescriptionLine Of(nn.Module module, Shape output, string facts = "")
    {
        ArgumentNullException.ThrowIfNull(module);
        return new(module.ToString()!, output, module.parameters().Sum(parameter => parameter.numel()), facts);
    }
}
