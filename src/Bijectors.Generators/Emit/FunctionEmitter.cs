using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes maps that attributes describe, with their log-slopes.</summary>
internal sealed class FunctionEmitter(ValueWriter values, Lines lines, LogDetWriter logDet)
{
    private const string Solver = "global::Bijectors.CompilerServices.MonotoneSolve.";

    /// <summary>The operands of a map as they are called here.</summary>
    public IReadOnlyList<string> Operands(Evaluate map) => [.. map.Operands.Select(values.Reference)];

    /// <summary>Writes a map and adds its log-slope; <paramref name="made"/> is the name of what comes out.</summary>
    public void Write(Evaluate map, IReadOnlyList<string> operands, string made, bool subtracted)
    {
        if (logDet.IsOn && (map.MakesY ? map.Function.WithLogSlope : map.Function.InverseWithLogSlope) is { } both)
        {
            var logSlope = values.Fresh("logSlope");
            lines.Add($"var ({made}, {logSlope}) = {Of(map, operands, both, values[map.MakesY ? map.X : map.Y])};");
            logDet.Add(logSlope, values[map.X], subtracted);
            return;
        }

        var h = HoleOf(map);
        WriteMap(map, operands, made, h);
        if (logDet.IsOn)
        {
            AddSlope(map, operands, subtracted, h);
        }
    }

    /// <summary>Writes a map alone.</summary>
    public void WriteMap(Evaluate map, IReadOnlyList<string> operands, string made) =>
        WriteMap(map, operands, made, HoleOf(map));

    /// <summary>Adds the log-slope of a map at its point.</summary>
    public void AddSlope(Evaluate map, IReadOnlyList<string> operands, bool subtracted) =>
        AddSlope(map, operands, subtracted, HoleOf(map));

    /// <summary>The log-slope of a map at its point.</summary>
    public string Slope(Evaluate map, IReadOnlyList<string> operands) => Slope(map, operands, HoleOf(map));

    private void WriteMap(Evaluate map, IReadOnlyList<string> operands, string made, string h)
    {
        var (low, high) = (Numbers.Literal(map.Function.Domain.Low), Numbers.Literal(map.Function.Domain.High));
        lines.Add(map.MakesY ? $"var {made} = {Of(map, operands, map.Function.Forward, values[map.X])};"
            : map.Function.Inverse is { } inverse ? $"var {made} = {Of(map, operands, inverse, values[map.Y])};"
            : $"var {made} = {Solver}Solve(this, {values[map.Y]}, {Lambda(map, operands, h)}, {low}, {high});");
    }

    private void AddSlope(Evaluate map, IReadOnlyList<string> operands, bool subtracted, string h) =>
        logDet.Add(Slope(map, operands, h), values[map.X], subtracted);

    private string Slope(Evaluate map, IReadOnlyList<string> operands, string h) =>
        map.Function.LogSlope is { } given ? Of(map, operands, given, values[map.X])
            : $"{Solver}LogSlope({Lambda(map, operands, h)}, {values[map.X]})";

    /// <summary>What a function without a closed inverse calls its argument.</summary>
    private string HoleOf(Evaluate map) => map.Function.Inverse is null ? values.Fresh("h") : "";

    private static string Lambda(Evaluate map, IReadOnlyList<string> operands, string h) =>
        $"{h} => {Of(map, operands, map.Function.Forward, h)}";

    private static string Of(Evaluate map, IReadOnlyList<string> operands, string method, string point) =>
        $"{map.Function.Receiver}{method}({string.Join(", ", operands.Prepend(point))})";
}
