using System.Globalization;
using Bijectors.Generators.Analyse;
using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Writes the shape rule: the same program on shapes, where maps change nothing and re-indexings have twins.
/// </summary>
internal sealed class ShapeEmitter
{
    private const string Nested = "global::Bijectors.Nested.";
    private const string Checking = "global::Bijectors.CompilerServices.Checks.";

    private readonly ForwardModel _model;
    private readonly FixedNames _names;
    private readonly bool _inverse;
    private readonly string _given;
    private readonly Lines _lines = new();
    private readonly HashSet<string> _checked = [];
    private readonly Dictionary<int, string> _shapes = [];
    private int _count;
    private bool _isSilent;

    /// <param name="model">The map.</param>
    /// <param name="inverse">Whether from shapes that come out to those that go in.</param>
    /// <param name="given">What the shape is called that is given.</param>
    public ShapeEmitter(ForwardModel model, bool inverse, string given)
    {
        _model = model;
        _names = new(model);
        _inverse = inverse;
        _given = given;
    }

    public IReadOnlyList<string> Emit()
    {
        var (first, last) = _inverse ? (_model.Output, _model.Input) : (_model.Input, _model.Output);
        _shapes[first] = _given;
        var program = _inverse ? Inverter.Inverse(_model) : Inverter.Forward(_model);
        if (program.Flatten().OfType<Move>().SelectMany(m => m.Arguments).SelectMany(a => _model.Values.Closure(a))
            .Any(v => _model.Values[v] is Call { Kind: ValueKind.Tensor }))
        {
            // An order that is computed is computed here too.
            _lines.Add($"using var {_names.Scope} = {_model.Torch}.NewDisposeScope();");
        }

        Write(program);
        var result = _shapes[last];
        if (!Ranks.MayChange(_model))
        {
            _lines.Return(result);
            return _lines.All;
        }

        _lines.Add(
            _inverse ? $"return {Checking}Input(this, {result}, {_given});"
            : $"return {Checking}Output(this, {_given}, {result});");
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

            var checks = _isSilent ? [] : instruction.Operands().SelectMany(Checks).Concat(Fits(instruction));
            foreach (var check in checks.Where(_checked.Add))
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
                case Joint { Map.Surface: { } surface } i:
                    var (given, sized) = (_shapes[i.MakesY ? i.X : i.Y], New());
                    _lines.Declare(sized, Template.Fill(i.MakesY ? surface.OutputShape : surface.InputShape,
                        _model.Torch, _ => given));
                    _shapes[i.MakesY ? i.Y : i.X] = sized;
                    break;
                case Joint i:
                    Same(i.X, i.Y, i.MakesY);
                    break;
                case Mix i:
                    Mix(i);
                    break;
                case Piecewise i:
                    Write(i);
                    break;
                case Rename i:
                    Give(i.To, i.From);
                    break;
                case Run run:
                    var made = New();
                    _lines.Declare(made, $"{Nested}{(run.Inverse ? "InputShape" : "OutputShape")}(this, "
                        + $"{Expressions.Full(_model, run.Bijector)}, {_shapes[run.Input]})");
                    _shapes[run.Output] = made;
                    break;
                case Move move:
                    var arguments = move.Inputs.Select(i => _shapes[i])
                        .Concat(move.Arguments.Select(a => Expressions.Full(_model, a))).ToList();
                    var outputs = move.Outputs.Select(o => _shapes[o] = New()).ToList();
                    var target = outputs.Count == 1 ? outputs[0] : $"({string.Join(", ", outputs)})";
                    var receiver = Expressions.Bracket(Expressions.Full(_model, move.Receiver));
                    _lines.Declare(target, $"{receiver}.{move.Method}({string.Join(", ", arguments)})");
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

    private void Write(Piecewise pieces)
    {
        foreach (var (piece, program) in new[] { (pieces.Step.Below, pieces.Below), (pieces.Step.Above, pieces.Above) })
        {
            if (!pieces.MakesY)
            {
                Same(piece.Output, pieces.Step.Output, makesY: false);
            }

            Write(program);
        }

        Same(pieces.Step.Input, pieces.Step.Output, pieces.MakesY);
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
            _lines.Declare(states[i], _shapes[loop.Inputs[i]]);
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
            // The context is not known here; the parser has made sure that nothing moves, so either branch tells the
            // shapes.
            var outer = _isSilent;
            _isSilent = true;
            Write(choose.Then.Program);
            Give(choose.Outputs, choose.Then.Tails);
            _isSilent = outer;
            return;
        }

        var names = choose.Outputs.Select(_ => New()).ToList();
        names.ForEach(n => _lines.Add($"global::Bijectors.Shape {n};"));
        foreach (var (header, block) in new[] { ($"if ({Expressions.Full(_model, choose.Condition)})", choose.Then),
            ("else", choose.Else) })
        {
            _lines.Open(header);
            Within(() =>
            {
                Write(block.Program);
                Assign(names, block);
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

    private void Assign(IReadOnlyList<string> names, BlockProgram block) =>
        _lines.Assign(names, [.. block.Tails.Select(t => _shapes[t])]);

    private void Give(IReadOnlyList<int> to, IReadOnlyList<int> from)
    {
        var shapes = from.Select(f => _shapes[f]).ToList();
        for (var i = 0; i < to.Count; i++)
        {
            _shapes[to[i]] = shapes[i];
        }
    }

    private void Mix(Mix mix)
    {
        var (from, to) = mix.MakesY ? (mix.Step.Inputs, mix.Step.Outputs) : (mix.Step.Outputs, mix.Step.Inputs);
        _lines.Add($"{Checking}Mixture(this, {_shapes[from[0]]}, {_shapes[from[1]]});");
        Give(to, from);
    }

    private void Same(int x, int y, bool makesY) => _shapes[makesY ? y : x] = _shapes[makesY ? x : y];

    private string New() => _names.Free($"shape{++_count}");

    /// <summary>
    /// A network that cannot read the part it is given says so when the shapes are checked, not when it runs.
    /// </summary>
    private IEnumerable<string> Checks(int value) =>
        _model.Values.Closure(value).Select(v => _model.Values[v]).OfType<Call>()
            .Select(c =>
                c.Conditioner is { } net && Read(c) is { } shape ? $"{Nested}OutputShape(this, {net}, {shape});" : "")
            .Where(check => check.Length > 0);

    /// <summary>
    /// A tensor that would broadcast the part it maps to another shape says so when the shapes are checked.
    /// </summary>
    private IEnumerable<string> Fits(Instruction instruction) =>
        instruction switch
        {
            Joint { Map.MatrixAxis: { } axis } joint => FitsMatrix(joint, axis),
            Joint i => Fits(i.MakesY ? i.X : i.Y, i.Map.Broadcast.Select(o => i.Operands[o])).Concat(FitsWeights(i)),
            Mix i => Fits(i.MakesY ? i.Step.Inputs[0] : i.Step.Outputs[0], i.Step.Coefficients),
            Compute i => Fits(i.MakesY ? i.X : i.Y, i.Operands.Take(1)),
            SolveCausal i => i.Forward.OfType<Compute>().SelectMany(map => Fits(i.Step.Input, map.Operands.Take(1))),
            MaskedRows i => i.Forward.OfType<Compute>().SelectMany(map => Fits(i.Step.Input, map.Operands.Take(1)))
                .Prepend(Check(i.Step)),
            _ => [],
        };

    /// <summary>
    /// A mask that is none, or that would tell the points of a batch apart, says so when the shapes are checked.
    /// </summary>
    private string Check(MaskedStep masked)
    {
        var mask = _model.Values.TensorOf(masked.Kept)!;
        return $"{Expressions.Services}Masked.Check(this, {(mask.IsField ? "" : "() => ")}{mask.Text}, "
            + $"{CSharp.Literal(mask.Text)}, {_shapes[masked.Input]});";
    }

    private IEnumerable<string> Fits(int part, IEnumerable<int> operands) => _shapes.TryGetValue(part, out var shape)
        ? operands.SelectMany(operand => Elementwise(operand, [])).Distinct().Select(source => source switch
        {
            PartRead read => _shapes.TryGetValue(read.Part, out var other) && other != shape
                ? $"{Checking}Operand(this, {other}, {shape});" : "",
            Leaf { IsField: true } field =>
                $"{Checking}Operand(this, {field.Text}, {CSharp.Literal(field.Text)}, {shape});",
            Leaf made => $"{Checking}Operand(this, () => {made.Text}, {CSharp.Literal(made.Text)}, {shape});",
            _ => "",
        }).Where(check => check.Length > 0)
        : [];

    /// <summary>
    /// A matrix of another size than the axis says so when the shapes are checked: by the fields that it is made of,
    /// where these have its size, else by itself.
    /// </summary>
    private IEnumerable<string> FitsMatrix(Joint joint, int axis)
    {
        var shape = _shapes[joint.MakesY ? joint.X : joint.Y];
        var place = axis.ToString(CultureInfo.InvariantCulture);
        var fields = joint.Operands.Select(o => _model.Values[o]).OfType<Leaf>().Where(leaf => leaf.IsField).ToList();
        return fields.Count > 0 ? fields.Select(field => $"{Checking}Matrix(this, {field.Text}, {shape}, {place});")
            : IsKnown(joint.Operands[0])
            ? [$"{Checking}Matrix(this, () => {Expressions.Full(_model, joint.Operands[0])}, {shape}, {place});"]
            : [];
    }

    private IEnumerable<string> FitsWeights(Joint joint)
    {
        if (joint.Map.Weights is not { } place || !IsKnown(joint.Operands[place]))
        {
            return [];
        }

        var isField = _model.Values[joint.Operands[place]] is Leaf { IsField: true };
        var text = Expressions.Full(_model, joint.Operands[place]);
        var shape = _shapes[joint.MakesY ? joint.X : joint.Y];
        return [$"{Checking}Weights(this, {(isField ? "" : "() => ")}{text}, {shape});"];
    }

    private bool IsKnown(int value) => !_model.Values.Reads(value).Any() && !_model.Values.UsesContext(value);

    /// <summary>
    /// The tensors of the class and the parts from which a value is computed number by number; values are shared, so
    /// each is looked at once.
    /// </summary>
    private IEnumerable<Value> Elementwise(int value, HashSet<int> seen) => !seen.Add(value) ? []
        : _model.Values[value] switch
    {
        Leaf { Kind: ValueKind.Tensor, IsContext: false, Loop: null } or PartRead => [_model.Values[value]],
        Call call when call.Promise is ElementwisePromise || call.Function == "Constrained"
            || KnownFunctions.IsElementwise(call.Function) =>
            call.Operands.SelectMany(operand => Elementwise(operand, seen)),
        _ => [],
    };

    /// <summary>The shape of the part that a network reads, where that is known here.</summary>
    private string? Read(Call call) =>
        call.Operands.SkipWhile(o => _model.Values[o] is Leaf { Loop: not null }).Select(PartOf)
            .FirstOrDefault() is { } part && _shapes.TryGetValue(part, out var shape) ? shape : null;

    /// <summary>The part that a value is, whole or under a mask.</summary>
    private int? PartOf(int value) => _model.Values[value] switch
    {
        PartRead { IsShapeOnly: false } read => read.Part,
        Call { Function: "mul" } product => product.Operands.Select(o => _model.Values[o]).OfType<PartRead>()
            .Select(r => (int?)r.Part)
            .FirstOrDefault(part => _model.Values.MaskOf(value, part!.Value) is { } mask
                && _model.Values.TensorOf(mask)!.IsMask),
        _ => null,
    };
}
