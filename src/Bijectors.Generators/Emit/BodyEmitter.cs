using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Writes one member: the program of one direction, with or without the log-det, one operation a line.
/// </summary>
internal sealed class BodyEmitter
{
    private readonly ForwardModel _model;
    private readonly bool _withLogDet;
    private readonly IReadOnlyList<Instruction> _program;
    private readonly Lines _lines = new();
    private readonly FixedNames _fixed;
    private readonly ValueWriter _values;
    private readonly LogDetWriter _logDet;
    private readonly CausalEmitter _causal;
    private readonly ContractionEmitter _contractions;
    private readonly BlockEmitter _blocks;
    private readonly FunctionEmitter _functions;
    private readonly RowWriter _rows;
    private readonly MaskedEmitter _masked;
    private readonly ComputeEmitter _computes;
    private readonly JointEmitter _joints;
    private readonly string _input;
    private readonly string _output;
    private readonly Joint? _onto;
    private readonly int _first;
    private readonly int _last;
    private bool _checksSize;

    public BodyEmitter(ForwardModel model, bool inverse, bool withLogDet)
    {
        _model = model;
        _withLogDet = withLogDet;
        _program = inverse ? Inverter.Inverse(model) : Inverter.Forward(model);
        _onto = _program.OfType<Joint>().FirstOrDefault(map => map.Map.Surface is not null);
        _fixed = new(model);
        (_first, _last) = inverse ? (model.Output, model.Input) : (model.Input, model.Output);
        (_input, _output) = inverse ? (_fixed.Y, _fixed.X) : (_fixed.X, _fixed.Y);
        _values = new(model, _lines, _fixed) { [_first] = _input };
        var changesRank = _program.Flatten().Any(i => i is Move { ChangesRank: true } or Run);
        _logDet = new(model, _values, _fixed, _lines, _input, inverse ? "this.OutputEventRank" : "this.EventRank",
            changesRank, withLogDet);
        _computes = new(model, _values, _lines, _logDet);
        _joints = new(model, _values, _lines, _logDet);
        _functions = new(_values, _lines, _logDet);
        _rows = new(model, _values, _functions, _computes);
        _causal = new(model, _values, _lines, _logDet, _functions, _rows);
        _contractions = new(model, _values, _lines, _logDet);
        _blocks = new(_values, _lines, _logDet, _fixed, Write, NewName, Owned);
        _masked = new(model, _values, _lines, _logDet, _functions, _rows);
    }

    /// <summary>The statements of the member.</summary>
    public IReadOnlyList<string> Emit()
    {
        Write(_program);
        return Finish(_first == _last ? $"{_input}.alias()" : _values[_last]);
    }

    private IReadOnlyList<string> Finish(string result)
    {
        if (!_withLogDet && !_checksSize && !_computes.HaveTensors && _lines.AreDeclarationOf(result)
            && _program is not ([Compute { Operands.Count: > 0 }] or [Evaluate]))
        {
            // A single call leaves no temporaries, unless it turns a number into a tensor first or is a person's own:
            // no scope is needed.
            _lines.Return(result);
            return _lines.All;
        }

        // Points of a surface have another size than those that are mapped onto it.
        var given = _onto is { MakesY: false } ? _values[_onto.X] : _input;
        var made = _onto is { MakesY: true } ? _values[_onto.X] : result;
        if ((_checksSize || _computes.HaveTensors) && given != made)
        {
            _lines.Add($"global::Bijectors.CompilerServices.Checks.Size(this, {given}, {made});");
        }

        if (_logDet.UsesBatchRank)
        {
            _lines.Insert(0, $"var {_fixed.BatchRank} = (int){_input}.dim() - {_fixed.EventRank};");
        }

        _lines.Insert(0, $"using var {_fixed.Scope} = {_fixed.Torch}.NewDisposeScope();");
        _lines.Add($"return {_fixed.Scope}.MoveToOuter({result}{(_withLogDet ? ", " + _logDet.Result() : "")});");
        return _lines.All;
    }

    private void Write(IReadOnlyList<Instruction> program)
    {
        for (var place = 0; place < program.Count; place++)
        {
            if (program[place] is not Compute)
            {
                _logDet.AddWaiting();
            }

            switch (program[place])
            {
                case Compute first when !_values.IsInBlock && place + 1 < program.Count
                    && ScaleShift.Of(_model, first, program[place + 1]) is { } pair:
                    WriteScaleShift(pair);
                    place++;
                    break;
                case Compute compute:
                    _computes.Write(program.Take(place), compute, _ => NameOf(compute.MakesY ? compute.Y : compute.X));
                    break;
                case Piecewise pieces:
                    new PiecewiseEmitter(_model, _values, _lines, _logDet, _computes).Write(pieces, NewName);
                    break;
                case Evaluate evaluate:
                    _checksSize |= evaluate.Operands.Any(o => _model.Values[o].Kind == ValueKind.Tensor);
                    // Operands may ask for the shape of a part that is known here, not of the one that is made.
                    var operands = _functions.Operands(evaluate);
                    var made = NameOf(evaluate.MakesY ? evaluate.Y : evaluate.X);
                    _functions.Write(evaluate, operands, made, subtracted: !evaluate.MakesY);
                    break;
                case Joint joint:
                    _checksSize |= joint.Map.Surface is null;
                    _joints.Write(joint, NameOf);
                    break;
                case Mix mix:
                    _checksSize = true;
                    _joints.Write(mix, NameOf);
                    break;
                case SolveCausal causal:
                    _checksSize |= causal.Step.Maps.SelectMany(m => m.Operands)
                        .Any(o => _model.Values[o].Kind == ValueKind.Tensor);
                    _causal.Write(causal, NameOf(causal.Step.Input));
                    break;
                case MaskedRows masked:
                    _checksSize = true;
                    _masked.Write(masked, NameOf);
                    break;
                case Contract contract:
                    _checksSize = true;
                    _contractions.Write(contract, NameOf(contract.MakesY ? contract.Step.Output : contract.Step.Input));
                    break;
                case Move move:
                    WriteMove(move);
                    break;
                case Run run:
                    WriteRun(run);
                    break;
                case Rename rename:
                    for (var i = 0; i < rename.From.Count; i++)
                    {
                        _values[rename.To[i]] = _values[rename.From[i]];
                    }

                    break;
                case Loop loop:
                    _blocks.Write(loop);
                    break;
                case Choose choose:
                    _blocks.Write(choose);
                    break;
            }
        }

        _logDet.AddWaiting();
    }

    private void WriteScaleShift(ScaleShift pair)
    {
        var (point, made) = (pair.MakesY ? pair.X : pair.Y, pair.MakesY ? pair.Y : pair.X);
        _checksSize = true;
        var arguments = $"{_values[point]}, {_values.Reference(pair.LogScale)}, {_values.Reference(pair.Shift)}";
        _lines.Declare(
            NameOf(made), $"global::Bijectors.Elementwise.ScaleShift{(pair.MakesY ? "" : "Inverse")}({arguments})");
        _computes.AddSlope(pair.Scaling, pair.X);
    }

    private void WriteMove(Move move)
    {
        var arguments = move.Inputs.Select(i => _values[i]).Concat(move.Arguments.Select(_values.Reference)).ToList();
        var call = $"{_values.Inline(move.Receiver)}.{move.Method}({string.Join(", ", arguments)})";
        var names = move.Outputs.Select(NameOf).ToList();
        _lines.Declare(names.Count == 1 ? names[0] : $"({string.Join(", ", names)})", call);
    }

    private void WriteRun(Run run)
    {
        var context = run.Context is { } c ? _values.Reference(c) : "null";
        var call = $"global::Bijectors.Nested.{(run.Inverse ? "Inverse" : "Forward")}";
        var arguments = $"{_values.Reference(run.Bijector)}, {_values[run.Input]}, {context}";
        var input = _values[run.Input];
        var output = NameOf(run.Output);
        if (!_withLogDet)
        {
            _lines.Declare(output, $"{call}({arguments})");
            return;
        }

        var term = _values.Fresh(_fixed.LogDet);
        _lines.Add($"var ({output}, {term}) = {call}WithLogDet({arguments}, {_logDet.RankOf(input)});");
        _logDet.AddReduced(term, subtracted: false);
    }

    /// <summary>
    /// What is returned is fresh, also where no step was taken; and no loop takes what sizes are compared with.
    /// </summary>
    private string Owned(string name) =>
        name == _input || (_onto is { MakesY: false } && name == _values[_onto.X]) ? $"{name}.alias()" : name;

    /// <summary>
    /// A part's variable; a branch that starts where the map starts makes the last part more than once, and only the
    /// outermost is the result.
    /// </summary>
    private string NewName(int part) =>
        part == _last && !_values.IsInBlock ? _output : _values.Fresh(_model.PartNames[part]);

    private string NameOf(int part) => _values[part] = NewName(part);
}
