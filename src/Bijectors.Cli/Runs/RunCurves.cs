using System.Globalization;
using System.Text;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The records of a training as a table: <c>epoch,step,train,validation,rate,seconds</c>.</summary>
internal static class RunCurves
{
    private const string Header = "epoch,step,train,validation,rate,seconds";
    private const int Validation = 3;

    public static string ToCsv(IEnumerable<EpochRecord> history)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var row in history)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Epoch},{row.Step},{row.TrainLoss:R},")
                .Append(CultureInfo.InvariantCulture, $"{row.ValidationLoss:R},")
                .Append(CultureInfo.InvariantCulture, $"{row.LearningRate:R},{row.Seconds:F3}\n");
        }

        return text.ToString();
    }

    /// <summary>How far the curves of a file go: the step of the last row and the best validation; null where there is
    /// no file, or another one.</summary>
    public static (long Steps, double? BestValidation)? Read(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            if (lines is not [Header, .., var last])
            {
                return null;
            }

            var best = lines.Skip(1).Select(line => line.Split(',')[Validation]).Where(cell => cell.Length > 0)
                .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).Where(double.IsFinite).Order()
                .Select(loss => (double?)loss).FirstOrDefault();
            return (long.Parse(last.Split(',')[1], CultureInfo.InvariantCulture), best);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException
            or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }
}
