using Bijectors.Generators.Analyse;
using Bijectors.Generators.Invert;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Bijectors.Generators.Parse;

namespace Bijectors.Generators.Emit;

/// <summary>Writes the shape rule: the same program on shapes, where maps change nothing and re-indexings have twins.</summary>
internal sealed class ShapeEmitter
{
    private const string Nested = "global::Bijectors.Nested.";

    private readonly ForwardModel _model;
    private readonly FixedNames _names;
    private readonly bool _inverse;
    private readonly Lines _lines = new();
    private readonly HashSet<string> _checked = [];
    private readonly Dictionary<int, string> _shapes = [];
    private int _count;
    private bool _isSilent;

    public ShapeEmitter(ForwardModel model, bool inverse)
    {
        _model = model;
        _names = new(model);
        _inverse = inverse;
    }

    public IReadOnlyList<string> Emit()
    {
        var (first, last) = _inverse ? (_model.Output, _model.Input) : (_model.Input, _model.Output);
        _shapes[first] = _inverse ? _names.Output : _names.Input;
        var given = _shapes[first];
        Write(_inverse ? Inverter.Inverse(_model) : Inverter.Forward(_model));
        var result = _shapes[last];
        _lines.Add(
            !Ranks.MayChange(_model) ? $"return {result};"
            : _inverse ? $"return {Nested}Input(this, {result}, {given});"
            : $"return {Nested}Output(this, {given}, {result});");
        return _lines.All;
    }

    private void Write(IEnumerable<Instruction> program)
    {
        foreach (var instruction in program)
        {
            // Conditions on the part itself are read from its first state, which a solution gives last.
            switch (instruction)
            {
                case SolveCausal i:
                    Same(i.Step.Input, i.Step.Output, makesY: false);
                    break;
                case Contract i:
                    Same(i.Step.Input, i.Step.Output, i.MakesY);
                    break;
                case MaskedRows i:
                    Same(i.Step.Input, i.Step.Output, i.MakesY);
                    break;
            }

            foreach (var check in _isSilent ? [] : instruction.Operands().SelectMany(Checks).Concat(Fits(instruction)).Where(_checked.Add))
            {
                _lines.Add(check);
            }

            switch (instruction)
            {
                case Compute i:
                    Same(i.X, i.Y, i.MakesY);
                    break;
                case Evaluate i:
                    Same(i.X, i.Y, i.MakesY);
                    break;
                case Rename i:
                    Give(i.To, i.From);
                    break;
                case Run run:
                    var made = New();
                    _lines.Add($"var {made} = {Nested}{(run.Inverse ? "InputShape" : "OutputShape")}(this, {Expressions.Full(_model, run.Bijector)}, {_shapes[run.Input]});");
                    _shapes[run.Output] = made;
                    break;
                case Move move:
                    var arguments = move.Inputs.Select(i => _shapes[i]).Concat(move.Arguments.Select(a => Expressions.Full(_model, a))).ToList();
                    var outputs = move.Outputs.Select(o => _shapes[o] = New()).ToList();
                    var target = outputs.Count == 1 ? outputs[0] : $"({string.Join(", ", outputs)})";
                    _lines.Add($"var {target} = {Expressions.Bracket(Expressions.Full(_model, move.Receiver))}.{move.Method}({string.Join(", ", arguments)});");
                    break;
                case Loop loop:
                    Write(loop);
                    break;
                case Choose choose:
                    Write(choose);
                    break;
            }
        }
    }

    private void Write(Loop loop)
    {
        if (_isSilent)
        {
            Give(loop.Heads, loop.Inputs);
            Write(loop.Body.Program);
            Give(loop.Outputs, loop.Inputs);
            return;
        }

        var states = new List<string>();
        for (var i = 0; i < loop.Inputs.Count; i++)
        {
            states.Add(New());
            _lines.Add($"var {states[i]} = {_shapes[loop.Inputs[i]]};");
            _shapes[loop.Heads[i]] = states[i];
        }

        _lines.Open(Headers.Of(loop.Header, loop.Backwards, v => Expressions.Full(_model, v)));
        Within(() =>
        {
            Write(loop.Body.Program);
            Assign(states, loop.Body);
        });
        _lines.Close();
        for (var i = 0; i < states.Count; i++)
        {
            _shapes[loop.Outputs[i]] = states[i];
        }
    }

    private void Write(Choose choose)
    {
        if (_isSilent || _model.Values.UsesContext(choose.Condition))
        {
            // The context is not known here; the parser has made sure that nothing moves, so either way tells the shapes.
            var outer = _isSilent;
            _isSilent = true;
            Write(choose.Then.Program);
            Give(choose.Outputs, choose.Then.Tails);
            _isSilent = outer;
            return;
        }

        var names = choose.Outputs.Select(_ => New()).ToList();
        names.ForEach(n => _lines.Add($"global::Bijectors.Shape {n};"));
        foreach (var (header, way) in new[] { ($"if ({Expressions.Full(_model, choose.Condition)})", choose.Then), ("else", choose.Else) })
        {
            _lines.Open(header);
            Within(() =>
            {
                Write(way.Program);
                Assign(names, way);
            });
            _lines.Close();
        }

        for (var i = 0; i < names.Count; i++)
        {
            _shapes[choose.Outputs[i]] = names[i];
        }
    }

    /// <summary>What a block has checked, the statements behind it have not.</summary>
    private void Within(Action write)
    {
        var before = _checked.ToList();
        write();
        _checked.IntersectWith(before);
    }

    private void Assign(IReadOnlyList<string> names, Way way) => _lines.Assign(names, [.. way.Tails.Select(t => _shapes[t])]);

    private void Give(IReadOnlyList<int> to, IReadOnlyList<int> from)
    {
        var shapes = from.Select(f => _shapes[f]).ToList();
        for (var i = 0; i < to.Count; i++)
        {
            _shapes[to[i]] = shapes[i];
        }
    }

    private void Same(int x, int y, bool makesY) => _shapes[makesY ? y : x] = _shapes[makesY ? x : y];

    private string New() => _names.Free($"shape{++_count}");

    /// <summary>A network that cannot read the part it is given says so when the shapes are checked, not when it runs.</summary>
    private IEnumerable<string> Checks(int value) => _model.Values.Closure(value).Select(v => _model.Values[v]).OfType<Call>()
        .Select(c => c.Conditioner is { } net && Read(c) is { } shape ? $"{Nested}OutputShape(this, {net}, {shape});" : "")
        .Where(check => check.Length > 0);

    /// <summary>A tensor that would broadcast the part it maps to another shape says so when the shapes are checked.</summary>
    private IEnumerable<string> Fits(Instruction instruction) => instruction switch
    {
        Compute i => Fits(i, i.MakesY ? i.X : i.Y),
        SolveCausal i => i.Forward.OfType<Compute>().SelectMany(map => Fits(map, i.Step.Input)),
        MaskedRows i => i.Forward.OfType<Compute>().SelectMany(map => Fits(map, i.Step.Input)).Prepend(Check(i.Step)),
        _ => [],
    };

    /// <summary>A mask that is none, or that would tell the points of a batch apart, says so when the shapes are checked.</summary>
    private string Check(MaskedStep masked)
    {
        var name = _model.Values.TensorOf(masked.Kept)!.Text;
        return $"{Expressions.Core}Masked.Check(this, {name}, {Operations.Literal(name)}, {_shapes[masked.Input]});";
    }

    private IEnumerable<string> Fits(Compute map, int part) =>
        map.Operands is [var operand, ..] && _shapes.TryGetValue(part, out var shape)
            ? Elementwise(operand, []).Select(field => $"{Nested}CheckOperand(this, {field}, \"{field}\", {shape});")
            : [];

    /// <summary>The fields that hold tensors from which a value is computed number by number; values are shared, so each is looked at once.</summary>
    private IEnumerable<string> Elementwise(int value, HashSet<int> seen) => !seen.Add(value) ? [] : _model.Values[value] switch
    {
        Leaf { IsField: true, Kind: ValueKind.Tensor } field => [field.Text],
        Call call when KnownFunctions.IsElementwise(call.Function) => call.Operands.SelectMany(operand => Elementwise(operand, seen)),
        _ => [],
    };

    /// <summary>The shape of the part that a network reads, where that is known here.</summary>
    private string? Read(Call call) =>
        call.Operands.SkipWhile(o => _model.Values[o] is Leaf { Loop: not null }).Select(PartOf).FirstOrDefault() is { } part && _shapes.TryGetValue(part, out var shape) ? shape : null;

    /// <summary>The part that a value is, whole or under a mask.</summary>
    private int? PartOf(int value) => _model.Values[value] switch
    {
        PartRead read => read.Part,
        Call { Function: "mul" } product => product.Operands.Select(o => _model.Values[o]).OfType<PartRead>().Select(r => (int?)r.Part)
            .FirstOrDefault(part => _model.Values.MaskOf(value, part!.Value) is { } mask && _model.Values.TensorOf(mask)!.IsMask),
        _ => null,
    };
}
