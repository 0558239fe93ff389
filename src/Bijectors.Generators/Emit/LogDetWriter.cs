using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes the sum of the log-slopes of one member.</summary>
internal sealed class LogDetWriter(
    ForwardModel model, ValueWriter values, FixedNames names, Lines lines, string input, string ownRank,
    bool changesRank, bool isOn)
{
    private const string LogDets = "global::Bijectors.LogDets.";

    private readonly List<(int Chain, string Term, string Point)> _constants = [];
    private bool _hasBegun;

    // Log-slopes of one chain of maps, in the shape of its parts: they are added up before they are
    // summed over the event.
    private Slopes? _slopes;

    // Whether the variable holds minus the sum so far: a first term that is subtracted is negated last, or never.
    private bool _isNegative;

    /// <summary>Whether the number of batch dimensions is asked for somewhere.</summary>
    public bool UsesBatchRank { get; private set; }

    /// <summary>Whether the member gives a log-det at all.</summary>
    public bool IsOn => isOn;

    /// <summary>The sum, where nothing is added any more.</summary>
    public string Result() =>
        !_hasBegun ? $"{LogDets}Zero({input})" : _isNegative ? $"{LogDets}Negate({names.LogDet})" : names.LogDet;

    /// <summary>Declares the sum, and gives it its sign, before a block adds to it.</summary>
    public void Begin()
    {
        if (!_hasBegun)
        {
            lines.Declare(names.LogDet, $"{LogDets}Zero({input})");
            _hasBegun = true;
        }

        if (_isNegative)
        {
            lines.Add($"{names.LogDet} = {LogDets}Negate({names.LogDet});");
            _isNegative = false;
        }
    }

    /// <summary>
    /// The log-slope of a map, and whether it is a number, null where it is 0 or not asked for; and whether
    /// it is subtracted.
    /// </summary>
    public ((string Term, bool IsNumber)? Slope, bool Subtracted) Slope(Compute map)
    {
        if (!isOn || map.Slope is not { } slope)
        {
            return (null, false);
        }

        // Minus minus u is u.
        if (slope == "{l}" && map.SlopeIsSubtracted && values.NegatedBy(map.Operands[1]) is { } negated)
        {
            return ((values.Inline(negated), false), false);
        }

        var isNumber = map.Operands.Count > 1 && slope == "{l}"
            && model.Values[map.Operands[1]].Kind == ValueKind.Number;
        var logarithm = slope.Contains("{l}") ? values.Inline(map.Operands[1]) : "";
        var operand = slope.Contains("{k}") ? values.Inline(map.Operands[0]) : "";
        var text = Template.Fill(slope, model.Torch, hole => hole switch
        {
            "k" => operand,
            "l" => logarithm,
            "x" => values[map.X],
            "y" => values[map.Y],
            _ => throw new ArgumentException($"Unknown hole '{hole}' in '{slope}'."),
        });
        return ((text, isNumber), map.SlopeIsSubtracted);
    }

    /// <summary>Adds an elementwise log-slope, a tensor, at a point.</summary>
    public void Add(string term, string point, bool subtracted) =>
        AddReduced($"{LogDets}Sum({term}, {point}, {RankOf(point)})", subtracted);

    /// <summary>
    /// Adds an elementwise log-slope of a map at a point. Numbers, and what is made for the sum alone, wait for the
    /// others of the chain of maps.
    /// </summary>
    public void Add(
        (string Term, bool IsNumber)? slope, string point, bool subtracted, int chain, bool isTemporary = false)
    {
        if (slope is not var (term, isNumber))
        {
            return;
        }

        if (isNumber)
        {
            AddNumber(term, point, subtracted, chain);
        }
        else if (isTemporary)
        {
            AddTemporary(term, point, subtracted, chain);
        }
        else
        {
            Add(term, point, subtracted);
        }
    }

    /// <summary>Adds what waits: one operation for the numbers of each chain of maps.</summary>
    public void AddWaiting()
    {
        SumSlopes();
        foreach (var (_, term, point) in _constants)
        {
            lines.Add(_hasBegun
                ? $"{names.LogDet} = {LogDets}AddConstant({names.LogDet}, {(_isNegative ? $"-({term})" : term)}, "
                    + $"{point}, {RankOf(point)});"
                : $"var {names.LogDet} = {LogDets}Constant({term}, {point}, {RankOf(point)});");
            _hasBegun = true;
        }

        _constants.Clear();
    }

    /// <summary>Adds a log-det that is already summed over the event of this bijector.</summary>
    public void AddOwn(string term, string point, bool subtracted) =>
        AddReduced($"{LogDets}Sum({term}, {point}, {RankOf(point)}, {OwnRankOf(point)})", subtracted);

    /// <summary>Adds a log-det that is summed over all event dimensions.</summary>
    public void AddReduced(string term, bool subtracted)
    {
        SumSlopes();
        lines.Add(Added(term, subtracted));
    }

    /// <summary>
    /// The event rank of a part. Batch dimensions stay in front whatever happens to the rank of the event.
    /// </summary>
    public string RankOf(string part)
    {
        UsesBatchRank |= changesRank && part != input;
        return changesRank && part != input ? $"(int){part}.dim() - {names.BatchRank}" : names.EventRank;
    }

    /// <summary>How many of those dimensions are this bijector's own.</summary>
    public string OwnRankOf(string part) =>
        changesRank && part != input ? $"(int)({part}.dim() - {input}.dim()) + {ownRank}" : ownRank;

    private void AddNumber(string term, string point, bool subtracted, int chain)
    {
        var before = _constants.FindIndex(constant => constant.Chain == chain);
        if (before < 0)
        {
            _constants.Add((chain, (subtracted ? "-" : "") + term, point));
        }
        else
        {
            _constants[before] =
                (chain, $"{_constants[before].Term} {(subtracted ? "-" : "+")} {term}", _constants[before].Point);
        }
    }

    private void AddTemporary(string term, string point, bool subtracted, int chain)
    {
        if (_slopes is not { } first || first.Chain != chain)
        {
            // The line is left open: whether others follow is known later, but the point may be written over
            // in the next line.
            SumSlopes();
            lines.Add("");
            _slopes = new(chain, point, subtracted, term, lines.Count - 1);
            return;
        }

        if (first.Variable is not { } sum)
        {
            sum = values.Fresh("logSlopes");
            lines.Set(first.Line, $"var {sum} = {first.Term};");
            first = first with { Variable = sum };
        }

        // What is subtracted first is subtracted from what is added later: nothing is left to be negated.
        var turns = first.Subtracted && !subtracted;
        var operands = turns ? $"{term}, {sum}" : $"{sum}, {term}";
        lines.Add($"{sum} = {LogDets}{(subtracted == first.Subtracted ? "Add" : "Subtract")}Slope({operands});");
        _slopes = first with { Subtracted = subtracted && first.Subtracted };
    }

    private void SumSlopes()
    {
        if (_slopes is not var (_, point, subtracted, term, line))
        {
            return;
        }

        var sum = Added($"{LogDets}SumAndDispose({_slopes.Variable ?? term}, {point}, {RankOf(point)})", subtracted);
        if (_slopes.Variable is null)
        {
            lines.Set(line, sum);
        }
        else
        {
            lines.Add(sum);
        }

        _slopes = null;
    }

    /// <summary>The statement that adds a term to the sum.</summary>
    private string Added(string term, bool subtracted)
    {
        if (!_hasBegun)
        {
            (_hasBegun, _isNegative) = (true, subtracted);
            return $"var {names.LogDet} = {term};";
        }

        if (_isNegative && !subtracted)
        {
            _isNegative = false;
            return $"{names.LogDet} = {LogDets}Subtract({term}, {names.LogDet});";
        }

        return $"{names.LogDet} = {LogDets}{(subtracted == _isNegative ? "Add" : "Subtract")}({names.LogDet}, {term});";
    }

    /// <summary>
    /// Log-slopes of a chain of maps: the first of them, the line it was made in, and the variable of their sum, where
    /// there are others; the sum is subtracted or not.
    /// </summary>
    private sealed record Slopes(int Chain, string Point, bool Subtracted, string Term, int Line)
    {
        public string? Variable { get; init; }
    }
}
