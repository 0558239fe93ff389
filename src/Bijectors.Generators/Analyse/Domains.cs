using Bijectors.Generators.Language;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Analyse;

/// <summary>
/// Interval analysis: what values each part can take, where the whole map is defined, and what it maps onto. All primitives are
/// monotone, so an interval goes to the interval between the images of its ends.
/// </summary>
internal sealed class Domains
{
    private readonly ForwardModel _model;
    private readonly IReadOnlyList<Value> _values;

    // The values each part takes; null where they depend on something that is not a literal.
    private readonly Dictionary<int, Bounds?> _bounds = [];

    // The way back from a part to the input on doubles, while only steps with literal operands have been passed.
    private readonly Dictionary<int, Func<double, double>> _back = [];

    private Domains(ForwardModel model)
    {
        _model = model;
        _values = model.Values;
        _bounds[model.Input] = Bounds.Real;
        _back[model.Input] = x => x;
    }

    public Bounds Domain { get; private set; } = Bounds.Real;

    /// <summary>What the map is onto; null where that cannot be derived.</summary>
    public Bounds? Codomain { get; private set; }

    /// <summary>The first map that is applied outside its domain: its name, the values it needs and those it gets.</summary>
    public (string Name, Bounds Domain, Bounds? Gets)? Violation { get; private set; }

    public static Domains Of(ForwardModel model)
    {
        var domains = new Domains(model);
        domains.Pass(model.Steps);

        // Parts of different kinds have no common interval; bijectors inside promise their own.
        domains.Codomain = domains._bounds[model.Output];
        return domains;
    }

    /// <summary>A number that a part can be, for entries that are not known yet.</summary>
    public double PointOf(int part) => _bounds[part] switch
    {
        null => 0,
        { } b when b.Low < 0 && b.High > 0 => 0,
        { } b when double.IsInfinity(b.High) => b.Low + 1,
        { } b when double.IsInfinity(b.Low) => b.High - 1,
        { } b => (b.Low + b.High) / 2,
    };

    private void Pass(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            Pass(step);
        }
    }

    private void Pass(Step step)
    {
        switch (step)
        {
            case MapStep map:
                Map(map);
                break;
            case FunctionStep map:
                // Onto its range only from the whole of its domain.
                _bounds[map.Output] = Enter(map.Function.Name, map.Function.Domain, map.Input) == map.Function.Domain ? map.Function.Range : null;
                break;
            case CausalStep causal:
                Pass(causal.Maps);
                break;
            case ContractiveStep sum:
                _bounds[sum.Output] = _bounds[sum.Input] == Bounds.Real ? Bounds.Real : null;
                break;
            case RepeatStep repeat:
                Repeat(repeat);
                break;
            case BranchStep branch:
                Branch(branch);
                break;
            case MoveStep move:
                var inputs = move.Inputs.Select(i => _bounds[i]).Distinct().ToList();
                foreach (var output in move.Outputs)
                {
                    _bounds[output] = inputs.Count == 1 ? inputs[0] : null;
                    if (move.Inputs.Count == 1 && move.Outputs.Count == 1 && _back.TryGetValue(move.Inputs[0], out var back))
                    {
                        _back[output] = back;
                    }
                }

                break;
            case ApplyStep apply:
                // The emitted Domain and Codomain see to it that the inner bijector is one of all reals.
                _bounds[apply.Output] = _bounds[apply.Input] == Bounds.Real ? Bounds.Real : null;
                break;
        }
    }

    private void Map(MapStep map)
    {
        var row = Primitives.All[map.Primitive];
        var bounds = Enter(row.Name, row.Domain, map.Input);
        var constant = map.Operands.Count > 0 && _values[map.Operands[0]] is Leaf { Constant: { } c } ? c : (double?)null;
        var (at, back) = Functions(row, constant);
        _bounds[map.Output] = (bounds, at) switch
        {
            ({ } i, { } f) when i.Through(f) is var image && image.Low < image.High => image,
            ({ } i, null) when i == Bounds.Real && row.Domain == Bounds.Real => Bounds.Real,
            ({ } i, null) when i == Bounds.Positive && row.Name == "pow" => Bounds.Positive,
            ({ } i, null) when i == Bounds.Positive && KeepsPositive(row.Name, map) => Bounds.Positive,
            _ => null,
        };
        if (back is not null && _back.TryGetValue(map.Input, out var earlier))
        {
            _back[map.Output] = y => earlier(back(y));
        }
    }

    /// <summary>The values a part has where a map that needs <paramref name="domain"/> is applied to it; the domain of the whole shrinks where it can.</summary>
    private Bounds? Enter(string name, Bounds domain, int part)
    {
        var bounds = _bounds[part];
        if (domain == Bounds.Real || (bounds is { } b && domain.Contains(b)))
        {
            return bounds;
        }

        if (bounds is { } known && _back.TryGetValue(part, out var toInput))
        {
            var allowed = domain.Intersect(known);
            var origin = allowed.Through(toInput);
            if (allowed.Low < allowed.High && origin.Low < origin.High)
            {
                Domain = Domain.Intersect(origin);
                return allowed;
            }
        }

        Violation ??= (name, domain, bounds);
        return domain;
    }

    /// <summary>
    /// A pass may run any number of times, so it must take the values it starts with to the same values. Of a state that changes nothing is known, and then perhaps of
    /// those either that are computed from it or exchanged with it.
    /// </summary>
    private void Repeat(RepeatStep repeat)
    {
        // What shrinks the domain in one pass would shrink it again in the next: inside, nothing leads back to the input.
        var states = repeat.Inputs.Select(i => _bounds[i]).ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < states.Count; i++)
            {
                _bounds[repeat.Heads[i]] = states[i];
            }

            Pass(repeat.Body.Steps);
            for (var i = 0; i < states.Count; i++)
            {
                if (states[i] is not null && states[i] != _bounds[repeat.Body.Tails[i]])
                {
                    states[i] = null;
                    changed = true;
                }
            }
        }

        for (var i = 0; i < states.Count; i++)
        {
            _bounds[repeat.Outputs[i]] = states[i];
        }
    }

    private void Branch(BranchStep branch)
    {
        // A domain that only one way needs cannot be the domain of the whole.
        var leads = branch.Inputs.Where(_back.ContainsKey).ToDictionary(i => i, i => _back[i]);
        foreach (var input in leads.Keys)
        {
            _back.Remove(input);
        }

        Pass(branch.Then.Steps);
        Pass(branch.Else.Steps);
        for (var i = 0; i < branch.Outputs.Count; i++)
        {
            var (then, otherwise) = (_bounds[branch.Then.Tails[i]], _bounds[branch.Else.Tails[i]]);
            _bounds[branch.Outputs[i]] = then == otherwise ? then : null;
        }
    }

    private bool KeepsPositive(string row, MapStep map) =>
        row is "x*" or "*x" or "x/" or "leaky_relu" && _values[map.Operands[0]].Sign == Sign.Positive;

    private static (Func<double, double>? At, Func<double, double>? Back) Functions(Primitive row, double? operand)
    {
        if (!row.HasOperand)
        {
            return (row.At, row.Back);
        }

        if (operand is not { } k)
        {
            return (null, null);
        }

        return row.Name switch
        {
            "x+" or "+x" => (x => x + k, y => y - k),
            "x-" => (x => x - k, y => y + k),
            "-x" => (x => k - x, y => k - y),
            "x*" or "*x" => (x => x * k, y => y / k),
            "x/" => (x => x / k, y => y * k),
            "pow" => (x => Math.Pow(x, k), y => Math.Pow(y, 1 / k)),
            "pow(k, x)" => (x => Math.Pow(k, x), y => Math.Log(y) / Math.Log(k)),
            "leaky_relu" => (x => x > 0 ? x : k * x, y => y > 0 ? y : y / k),
            _ => (null, null),
        };
    }
}
