using Bijectors.Generators.Invert;

namespace Bijectors.Generators.Emit;

/// <summary>Writes loops and branches.</summary>
/// <param name="values">What parts and values are called here.</param>
/// <param name="lines">Where lines go.</param>
/// <param name="logDet">The sum of the log-slopes.</param>
/// <param name="names">The names that are the same in every member.</param>
/// <param name="write">Writes the program of a block.</param>
/// <param name="name">Gives a part the name of the variable that will hold it.</param>
/// <param name="owned">A part as the block may keep it: never the caller's own tensor.</param>
internal sealed class BlockEmitter(
    ValueWriter values, Lines lines, LogDetWriter logDet, FixedNames names, Action<IReadOnlyList<Instruction>> write,
        Func<int, string> name, Func<string, string> owned)
{
    /// <summary>
    /// Each pass has a scope of its own, and what it takes further replaces what it began with: a loop of any length
    /// keeps one state.
    /// </summary>
    public void Write(Loop loop)
    {
        values.Hoist(loop.Body.Program.Flatten().SelectMany(i => i.Operands()), loop.Body.Block);
        var adds = logDet.IsOn && loop.Body.Program.HasSlope();
        if (adds)
        {
            logDet.Begin();
        }

        var header = Headers.Of(loop.Header, loop.Backwards, values.Reference);
        var states = new List<string>();
        for (var i = 0; i < loop.Inputs.Count; i++)
        {
            var from = owned(values[loop.Inputs[i]]);
            states.Add(name(loop.Outputs[i]));
            lines.Declare(states[i], from);
        }

        lines.Open(header);
        values.Enter();
        var pass = values.Fresh("pass");
        lines.Add($"using var {pass} = {names.Torch}.NewDisposeScope();");
        for (var i = 0; i < states.Count; i++)
        {
            values[loop.Heads[i]] = states[i];
        }

        write(loop.Body.Program);

        WriteNext(pass, states, [.. loop.Body.Tails.Select(t => values[t])]);
        if (adds)
        {
            lines.Add($"{names.LogDet} = {pass}.MoveToOuter({names.LogDet});");
        }

        values.Leave();
        lines.Close();
        for (var i = 0; i < states.Count; i++)
        {
            values[loop.Outputs[i]] = states[i];
        }
    }

    private void WriteNext(string pass, List<string> states, List<string> tails)
    {
        if (states.Count == 1 && tails[0] != states[0])
        {
            lines.Add($"{states[0]} = {Expressions.Services}Temporaries.Next({pass}, {states[0]}, {tails[0]});");
        }
        else if (!states.SequenceEqual(tails))
        {
            // Parts that exchange variables are the same tensors by other names: only all of them together tell which
            // ones end here.
            lines.Add(
                $"{Expressions.Services}Temporaries.Next({pass}, [{string.Join(", ", states)}], "
                + $"[{string.Join(", ", tails)}]);");
            lines.Assign(states, tails);
        }
    }

    /// <summary>Both branches give their parts to the same variables.</summary>
    public void Write(Choose choose)
    {
        foreach (var block in new[] { choose.Then, choose.Else })
        {
            values.Hoist(block.Program.Flatten().SelectMany(i => i.Operands()), block.Block);
        }

        if (logDet.IsOn && (choose.Then.Program.HasSlope() || choose.Else.Program.HasSlope()))
        {
            logDet.Begin();
        }

        var condition = values.Reference(choose.Condition);
        var outer = choose.Outputs.Select(o => (Part: o, Name: name(o))).ToList();
        outer.ForEach(o => lines.Add($"global::TorchSharp.torch.Tensor {o.Name};"));
        lines.Open($"if ({condition})");
        WriteBlock(choose.Then, outer);
        lines.Close();
        lines.Open("else");
        WriteBlock(choose.Else, outer);
        lines.Close();
        outer.ForEach(o => values[o.Part] = o.Name);
    }

    private void WriteBlock(BlockProgram block, IReadOnlyList<(int Part, string Name)> outputs)
    {
        values.Enter();
        write(block.Program);
        for (var i = 0; i < outputs.Count; i++)
        {
            lines.Add($"{outputs[i].Name} = {owned(values[block.Tails[i]])};");
        }

        values.Leave();
    }
}
