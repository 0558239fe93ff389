using System.ComponentModel;

namespace Bijectors.Cli;

/// <summary>The scores of a request.</summary>
/// <param name="LogProb">One for each row.</param>
/// <param name="Kind">What kind of number each is.</param>
internal sealed record ScoreAnswer(
    [property: Description("The log-density of each row in nats; null where the density is zero, as JSON has no -inf.")]
    double?[] LogProb,
    [property: Description("'exact'; 'estimate' or 'bound' where the model knows no more; 'dequantized' where noise "
        + "was added to levels. The last three are means over some draws of noise.")]
    string Kind);
