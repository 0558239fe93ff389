using Bijectors.Generators.Analyse;
using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes the inverse of maps that are conditioned on earlier entries of their own part.</summary>
internal sealed class CausalEmitter(
    ForwardModel model, ValueWriter values, Lines lines, LogDetWriter logDet, FunctionEmitter functions, RowWriter rows)
{
    private const string Core = Expressions.Core;
    private const string Services = Expressions.Services;

    /// <summary>
    /// The inverse of causal maps: entry by entry, or in sweeps, then once more as an equation for the gradients.
    /// </summary>
    public void Write(SolveCausal solve, string made)
    {
        var (y, head) = (values[solve.Step.Output], solve.Step.Input);
        var uses = solve.Inverse.SelectMany(RowWriter.Uses).Distinct().ToList();
        var operands = uses.Select(u => u.Value).Distinct().ToList();
        foreach (var value in operands.SelectMany(o => Outside(o, head)).Distinct())
        {
            values.Reference(value);
        }

        var solver = values.Fresh("solve");
        var start = Start(head, solve.Step.Maps);
        lines.Add(
            $"using var {solver} = new {Services}CausalSolve(this, {y}, {Axes(solve.Step.Axes)}, "
            + $"{logDet.OwnRankOf(y)}{(start == "0" ? "" : ", " + start)});");
        var calls = operands.SelectMany(o => Calls(o, head)).Distinct().ToList();
        foreach (var argument in calls.SelectMany(c => ((Call)model.Values[c]).Operands)
            .Where(o => !model.Values.Reads(o).Contains(head)))
        {
            values.Reference(argument);
        }

        var passes = calls.Select(c => (Call: c, Pass: Begin(c, head, y, solver))).ToList();
        if (passes is [{ Call: var only, Pass: { } pass }] && CausalScaleShift.Of(model, solve, only) is { } scaling)
        {
            lines.Add($"{solver}.ScaleShift({pass}, {scaling});");
        }

        lines.Open($"while ({solver}.MoveNext())");
        values.Enter();
        lines.Add($"using var {values.Fresh("step")} = {model.Torch}.NewDisposeScope();");
        values[head] = $"{solver}.Known";
        foreach (var (call, its) in passes)
        {
            WriteEntry(call, its, solver);
        }

        // The same tensor may belong to entries along one axis in one place and along another in another.
        var entries = new Dictionary<(int Value, int Trailing), string>();
        foreach (var use in uses.SelectMany(u => Outside(u.Value, head).Select(v => u with { Value = v })).Distinct()
            .Where(u => model.Values[u.Value].Kind == ValueKind.Tensor))
        {
            entries[use] = values.Fresh("k");
            lines.Declare(entries[use], Entry(solver, values.Reference(use.Value), use.Trailing));
        }

        string OfEntry((int Value, int Trailing) use)
        {
            foreach (var outside in Outside(use.Value, head).Select(v => use with { Value = v })
                .Where(entries.ContainsKey))
            {
                values.Set(outside.Value, entries[outside]);
            }

            return values.Reference(use.Value);
        }

        var part = values.Fresh(model.PartNames[solve.Step.Output]);
        lines.Declare(part, $"{solver}.Entry({y})");
        values[solve.Step.Output] = part;
        foreach (var row in solve.Inverse)
        {
            rows.Write(row, [.. RowWriter.Uses(row).Select(OfEntry)]);
        }

        lines.Add($"{solver}.Append({values[head]});");
        values.Leave();
        lines.Close();

        var (point, known) = (values.Fresh("h"), values.Fresh("known"));
        lines.Open($"var {made} = {solver}.Point(({point}, {known}) =>");
        values.Enter();
        var scope = values.Fresh("step");
        lines.Add($"using var {scope} = {model.Torch}.NewDisposeScope();");
        values[head] = known;
        WriteForward(solve, point, withSlopes: false);
        lines.Add($"return {scope}.MoveToOuter({values[solve.Step.Output]});");
        values.Leave();
        lines.Close("});");

        values[head] = made;
        if (logDet.IsOn)
        {
            values.Enter();
            WriteForward(solve, made, withSlopes: true);
            logDet.AddWaiting();
            values.Leave();
        }
    }

    /// <summary>
    /// The maps themselves from a point on, conditioned on what the head is called here; with slopes, only as far
    /// as those need it.
    /// </summary>
    private void WriteForward(SolveCausal solve, string point, bool withSlopes)
    {
        var head = solve.Step.Input;
        var last = withSlopes ? solve.Forward.Select(Needed).Max() : solve.Forward.Count;
        for (var i = 0; i < solve.Forward.Count; i++)
        {
            var row = solve.Forward[i];
            if (i < last)
            {
                // Conditions are read from the head, the first map starts at the point: two names for one part.
                var condition = values[head];
                var operands = rows.Operands(row);
                values[head] = point;
                rows.Write(row, operands);
                values[head] = condition;
            }

            switch (row)
            {
                case Compute map when withSlopes:
                    var (slope, subtracted) = logDet.Slope(map);
                    logDet.Add(slope, point, !subtracted, head);
                    break;
                case Evaluate map when withSlopes:
                    functions.AddSlope(map, functions.Operands(map), subtracted: true);
                    break;
            }
        }
    }

    /// <summary>How many of the maps must have been computed for the log-slope of one.</summary>
    private static int Needed(Instruction row, int place) => row switch
    {
        Compute { Slope: { } slope } => slope.Contains("{y}") ? place + 1 : slope.Contains("{x}") ? place : 0,
        Evaluate => place,
        _ => 0,
    };

    /// <summary>What stands for entries that are not known yet: a number at which the maps are defined.</summary>
    private string Start(int head, IEnumerable<Step> maps) => head == model.Input && model.StatesDomain
        ? $"{Services}CausalSolve.PointIn(this.Domain)" : Numbers.Literal(Domains.Of(model).PointOf(head, maps));

    private static string Entry(string solver, string tensor, int trailing) =>
        trailing == 0 ? $"{solver}.Entry({tensor})" : $"{solver}.Entry({tensor}, {Numbers.Literal(trailing)})";

    private static string Axes(EquatableArray<int> axes) =>
        axes.Count == 1 ? Numbers.Literal(axes[0]) : $"[{string.Join(", ", axes.Select(a => Numbers.Literal(a)))}]";

    /// <summary>Begins an incremental pass where there is one, and gives its name.</summary>
    private string? Begin(int call, int head, string y, string solver)
    {
        var node = (Call)model.Values[call];
        var promise = (CausalPromise)node.Promise!;
        if (promise.Begin is not { } pieces || model.Values[node.Operands[promise.Argument]] != new PartRead(head))
        {
            return null;
        }

        var begin = Expressions.Join(
            node with { Pieces = pieces }, o => model.Values[o] == new PartRead(head) ? y : values.Inline(o));
        var pass = values.Fresh("pass");
        lines.Declare(pass, $"{solver}.IsIncremental ? {solver}.Begin({begin}) : null");
        return pass;
    }

    /// <summary>
    /// What a causal function says of one entry: from its incremental pass, or cut out of the whole; in a sweep there
    /// is no pass, and the entry is the whole.
    /// </summary>
    private void WriteEntry(int call, string? pass, string solver)
    {
        var node = (Call)model.Values[call];
        var promise = (CausalPromise)node.Promise!;
        var whole = Expressions.Join(node, values.Inline);
        var text = pass is null ? whole : $"{pass} is null ? {whole} : {pass}.{CSharp.Identifier(promise.Method)}()";
        if (node.Kind != ValueKind.Tuple)
        {
            var t = values.Fresh(model.ValueNames[call] is { Length: > 0 } given ? given : "t");
            lines.Declare(t, (pass is null ? Entry(solver, text, promise.Trailing) : text));
            values.Set(call, t);
            return;
        }

        var count = model.Values.OfType<Item>().First(i => i.Tuple == call).Count;
        foreach (var (value, name) in values.TakeApart(call, count, text))
        {
            var entry = name;
            if (pass is null)
            {
                entry = values.Fresh(name);
                lines.Declare(entry, Entry(solver, name, promise.Trailing));
            }

            values.Set(value, entry);
        }
    }

    /// <summary>The causal calls a value is made of.</summary>
    private IEnumerable<int> Calls(int value, int head) =>
        Within(value, head).Where(v => model.Values[v] is Call { Promise: CausalPromise });

    /// <summary>The largest values inside a value that have nothing to do with the part itself.</summary>
    private IEnumerable<int> Outside(int value, int head) =>
        !model.Values.Reads(value).Contains(head) ? [value] : Within(value, head)
            .Select(v => model.Values[v]).OfType<Call>().Where(c => c.Promise is not CausalPromise)
            .SelectMany(c => c.Operands).Where(o => !model.Values.Reads(o).Contains(head)).Distinct();

    /// <summary>The values from the part's maps down to the causal calls, both included.</summary>
    private IEnumerable<int> Within(int value, int head)
    {
        var found = new HashSet<int>();
        var open = new Stack<int>([value]);
        while (open.Count > 0)
        {
            var next = open.Pop();
            if (!model.Values.Reads(next).Contains(head) || !found.Add(next))
            {
                continue;
            }

            var operands = model.Values[next] switch
            {
                Call { Promise: CausalPromise } => [],
                Call call => call.Operands,
                Item item => [item.Tuple],
                _ => (IEnumerable<int>)[],
            };
            operands.ToList().ForEach(open.Push);
        }

        return found.OrderBy(v => v);
    }
}
