using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors convert</c>.</summary>
internal static class ConvertCommand
{
    private const string Float32 = "float32";
    private const string Float64 = "float64";
    private const string Summary = "Writes data or a model in another format or dtype.";

    private const string Details =
        """
        Data: .npy, .npz (FILE#KEY where it holds several arrays), .csv and .tsv, each also as .gz, .parquet, .arrow
        and .feather, to .npy or a table (.csv, .tsv, .parquet, .arrow). Of a table, ?target=COLUMNS names what is
        taken; tables are read in float32. Columns of an array are called x1, x2, ...

        Models: a saved model to another dtype (--dtype float64, float32), with how far log-densities change; a run
        that is not finished to a saved model with the best weights of its checkpoint.

        Examples:
          bijectors convert arrays.npz#points points.csv
          bijectors convert "table.csv?target=a,b" table.npy --dtype float64
          bijectors convert model.safetensors model64.safetensors --dtype float64
          bijectors convert runs/glow glow-so-far.safetensors
        """;

    public static Command Build(Terminal terminal)
    {
        var source = new Argument<string>("from") { Description = "A file of data, a saved model, or a run." };
        var target = new Argument<string>("to") { Description = "The file to write; its ending says the format." };
        var dtype = new Option<string?>("--dtype")
        {
            Description = $"The dtype of the numbers: {Float32} or {Float64}; without it they stay as they are.",
            HelpName = "DTYPE",
        };
        dtype.AcceptOnlyFromAmong(Float32, Float64);
        var command = new DetailedCommand("convert", Summary, Details) { source, target, dtype };
        command.Gives(terminal, line =>
        {
            var (from, to) = (line.GetValue(source)!, OutputFolder.CheckFile(line.GetValue(target)!));
            if (Path.GetFullPath(from.Split('?')[0]) == to)
            {
                throw new UserException($"{from}: expected another file to write than to read, got the same.");
            }

            ScalarType? wanted = line.GetValue(dtype) switch
            {
                Float32 => ScalarType.Float32,
                Float64 => ScalarType.Float64,
                _ => null,
            };
            return DataConversion.IsOne(from) && !Directory.Exists(from)
                ? DataConversion.Convert(from, to, wanted)
                : ModelConversion.Convert(from, to, wanted);
        });
        return command;
    }
}
