using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A row of the table that describes a flow.</summary>
internal static class TableRow
{
    /// <summary>The row of something that is no bijector.</summary>
    public static string[] Of(object part, Shape output, nn.Module module, string facts)
    {
        var parameters = module.parameters().Sum(parameter => parameter.numel());
        return [part.ToString()!, output.ToString(), parameters == 0 ? "" : Number(parameters), facts];
    }

    /// <summary>A number with separators of thousands.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
