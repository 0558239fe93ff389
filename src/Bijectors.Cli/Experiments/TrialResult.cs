using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>What came of one training. Names and units are those of the files.</summary>
/// <param name="Parameters">The number of trainable parameters.</param>
/// <param name="MegaOperations">Millions of multiplications and additions of matrix products in one density
/// pass.</param>
/// <param name="Steps">The number of updates.</param>
/// <param name="Seconds">The wall time of training.</param>
/// <param name="ImagesPerSecond">Training items per second, validation left out.</param>
/// <param name="ValidationBits">Bits per dimension of the validation items.</param>
/// <param name="TestBits">Bits per dimension of the test items.</param>
/// <param name="ProbeAccuracy">The share of test items whose label a linear map of the latent finds; null without
/// labels.</param>
/// <param name="Curve">The validation loss over the run.</param>
internal sealed record TrialResult(
    long Parameters,
    double MegaOperations,
    long Steps,
    double Seconds,
    double ImagesPerSecond,
    double ValidationBits,
    double TestBits,
    double? ProbeAccuracy,
    IReadOnlyList<CurvePoint> Curve);

/// <summary>One point of a training curve.</summary>
/// <param name="Step">After how many updates.</param>
/// <param name="Train">The training loss, bits per dimension.</param>
/// <param name="Validation">The validation loss, bits per dimension.</param>
internal sealed record CurvePoint(long Step, double Train, double? Validation)
{
    public static IReadOnlyList<CurvePoint> Of(IEnumerable<EpochRecord> history) =>
        [.. history.Select(record => new CurvePoint(record.Step, record.TrainLoss, record.ValidationLoss))];
}
