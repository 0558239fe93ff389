using Bijectors.Generators.Invert;
using Bijectors.Generators.Model;
using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Emit;

/// <summary>Writes one member: the program of one direction, with or without the log-det, one operation a line.</summary>
internal sealed class BodyEmitter(ForwardModel model, bool inverse, bool withLogDet)
{
    private readonly List<string> _lines = [];
    private readonly Dictionary<int, string> _parts = [];
    private readonly Dictionary<int, string> _values = [];
    private readonly FixedNames _fixed = new(model);
    private readonly HashSet<string> _names = new(model.Reserved, StringComparer.Ordinal);
    private readonly string _input = inverse ? new FixedNames(model).Y : new FixedNames(model).X;
    private readonly string _output = inverse ? new FixedNames(model).X : new FixedNames(model).Y;
    private bool _hasLogDet;
    private bool _checksSize;
    private bool _changesRank;
    private bool _usesBatchRank;

    /// <summary>The statements of the member.</summary>
    public IReadOnlyList<string> Emit()
    {
        var program = inverse ? Inverter.Inverse(model) : Inverter.Forward(model);
        var (first, last) = inverse ? (model.Output, model.Input) : (model.Input, model.Output);
        _names.UnionWith([_fixed.X, _fixed.Y, _fixed.Context, _fixed.EventRank, _fixed.BatchRank, _fixed.LogDet, _fixed.Scope]);
        _parts[first] = _input;
        _changesRank = program.Any(i => i is Move { ChangesRank: true } or Run);

        foreach (var instruction in program)
        {
            switch (instruction)
            {
                case Compute compute:
                    WriteCompute(compute, last);
                    break;
                case Move move:
                    WriteMove(move, last);
                    break;
                case Run run:
                    WriteRun(run, last);
                    break;
            }
        }

        return Finish(first == last ? $"{_input}.alias()" : _parts[last]);
    }

    private IReadOnlyList<string> Finish(string result)
    {
        if (!withLogDet && _lines.Count == 1 && _lines[0].StartsWith($"var {result} = ", StringComparison.Ordinal) && !_checksSize)
        {
            // A single call leaves no temporaries: no scope is needed.
            return ["return " + _lines[0].Substring($"var {result} = ".Length)];
        }

        if (_checksSize)
        {
            _lines.Add($"global::Bijectors.Nested.CheckSize(this, {_input}, {result});");
        }

        if (withLogDet && !_hasLogDet)
        {
            _lines.Add($"var {_fixed.LogDet} = global::Bijectors.LogDets.Zero({_input});");
        }

        if (_usesBatchRank)
        {
            _lines.Insert(0, $"var {_fixed.BatchRank} = (int){_input}.dim() - {_fixed.EventRank};");
        }

        _lines.Insert(0, $"using var {_fixed.Scope} = torch.NewDisposeScope();");
        _lines.Add($"return {_fixed.Scope}.MoveToOuter({result}{(withLogDet ? ", " + _fixed.LogDet : "")});");
        return _lines;
    }

    private void WriteCompute(Compute compute, int last)
    {
        var operand = compute.Operands.Count > 0 ? Inline(compute.Operands[0]) : "";
        _checksSize |= compute.Operands.Count > 0 && model.Values[compute.Operands[0]].Kind == ValueKind.Tensor;
        var made = compute.MakesY ? compute.Y : compute.X;
        var from = _parts[compute.MakesY ? compute.X : compute.Y];
        var text = Fill(compute.Template, compute.MakesY ? from : "", compute.MakesY ? "" : from, operand);
        Declare(made, last, text);
        if (!withLogDet || compute.Slope is not { } slope)
        {
            return;
        }

        var isNumber = compute.Operands.Count > 1 && slope == "{l}" && model.Values[compute.Operands[1]].Kind == ValueKind.Number;
        var logarithm = compute.Slope.Contains("{l}") ? Inline(compute.Operands[1]) : "";
        var term = Fill(slope, _parts[compute.X], _parts[compute.Y], operand).Replace("{l}", logarithm);
        Accumulate(
            $"global::Bijectors.LogDets.{(isNumber ? "Constant" : "Sum")}({term}, {_parts[compute.X]}, {RankOf(_parts[compute.X])})",
            compute.SlopeIsSubtracted);
    }

    private void WriteMove(Move move, int last)
    {
        var arguments = move.Inputs.Select(i => _parts[i]).Concat(move.Arguments.Select(Reference)).ToList();
        var call = $"{Inline(move.Receiver)}.{move.Method}({string.Join(", ", arguments)})";
        if (move.Outputs.Count == 1)
        {
            Declare(move.Outputs[0], last, call);
            return;
        }

        var names = move.Outputs.Select(o => Name(o, last)).ToList();
        _lines.Add($"var ({string.Join(", ", names)}) = {call};");
    }

    private void WriteRun(Run run, int last)
    {
        var context = run.Context is { } c ? Reference(c) : "null";
        var direction = run.Inverse ? "Inverse" : "Forward";
        if (!withLogDet)
        {
            Declare(run.Output, last, $"global::Bijectors.Nested.{direction}({Reference(run.Bijector)}, {_parts[run.Input]}, {context})");
            return;
        }

        var input = _parts[run.Input];
        var output = Name(run.Output, last);
        var logDet = Fresh(_fixed.LogDet);
        _lines.Add($"var ({output}, {logDet}) = global::Bijectors.Nested.{direction}WithLogDet({Reference(run.Bijector)}, {input}, {context}, {RankOf(input)});");
        Accumulate(logDet, subtracted: false);
    }

    private void Accumulate(string term, bool subtracted)
    {
        var total = _fixed.LogDet;
        if (_hasLogDet)
        {
            _lines.Add($"{total} = global::Bijectors.LogDets.{(subtracted ? "Subtract" : "Add")}({total}, {term});");
        }
        else
        {
            _lines.Add($"var {total} = {(subtracted ? $"global::Bijectors.LogDets.Negate({term})" : term)};");
        }

        _hasLogDet = true;
    }

    /// <summary>The event rank of a part. Batch dimensions stay in front whatever happens to the rank of the event.</summary>
    private string RankOf(string part)
    {
        _usesBatchRank |= _changesRank && part != _input;
        return _changesRank && part != _input ? $"(int){part}.dim() - {_fixed.BatchRank}" : _fixed.EventRank;
    }

    private void Declare(int part, int last, string text)
    {
        var name = Name(part, last);
        _lines.Add($"var {name} = {text};");
    }

    private string Name(int part, int last) =>
        _parts[part] = part == last ? _output : Fresh(model.PartNames[part]);

    /// <summary>The text that stands for a known value here; computes it first where it has no variable yet.</summary>
    private string Reference(int index)
    {
        if (_values.TryGetValue(index, out var known))
        {
            return known;
        }

        switch (model.Values[index])
        {
            case Leaf leaf:
                return _values[index] = leaf.IsContext ? _fixed.Context : leaf.Text;
            case PartRead read:
                return _parts[read.Part];
            case Item item:
                DeclareTuple(item);
                return _values[index];
            case Call call:
                var text = Expressions.Join(call, Inline);
                if (call.Kind == ValueKind.Other || (call.Kind == ValueKind.Number && !text.Contains('(')))
                {
                    return _values[index] = text;
                }

                var name = Fresh(model.ValueNames[index] is { Length: > 0 } given ? given : "t");
                _lines.Add($"var {name} = {text};");
                return _values[index] = name;
            default:
                throw new InvalidOperationException($"Unknown value {model.Values[index]}.");
        }
    }

    private string Inline(int operand) => Expressions.Bracket(Reference(operand));

    private void DeclareTuple(Item item)
    {
        var names = Enumerable.Range(0, item.Count).Select(i =>
        {
            var index = Index(item, i);
            return index is { } used ? _values[used] = Fresh(model.ValueNames[used] is { Length: > 0 } n ? n : "t") : "_";
        }).ToList();
        var tuple = _values.TryGetValue(item.Tuple, out var known) ? known
            : model.Values[item.Tuple] is Call call ? Expressions.Join(call, Inline)
            : Reference(item.Tuple);
        _lines.Add($"var ({string.Join(", ", names)}) = {tuple};");
    }

    private int? Index(Item item, int i)
    {
        for (var v = 0; v < model.Values.Count; v++)
        {
            if (model.Values[v] is Item other && other.Tuple == item.Tuple && other.Index == i)
            {
                return v;
            }
        }

        return null;
    }

    private string Fresh(string name)
    {
        var fresh = SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
        for (var i = 1; !_names.Add(fresh); i++)
        {
            fresh = name + i;
        }

        return fresh;
    }

    private static string Fill(string template, string x, string y, string k) =>
        template.Replace("{x}", x).Replace("{y}", y).Replace("{k}", k);
}
