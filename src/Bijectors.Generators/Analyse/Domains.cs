namespace Bijectors.Generators.Analyse;

/// <summary>
/// Interval analysis: what values each part can take, where the whole map is defined, and what it maps onto. All
/// primitives are monotone, so an interval goes to the interval between the images of its ends.
/// </summary>
internal sealed class Domains
{
    private readonly IReadOnlyList<Value> _values;

    // The values each part takes; null where they depend on something that is not a literal.
    private readonly Dictionary<int, Range?> _ranges = [];

    // The inverse map from a part to the input on doubles, while only steps with literal operands have been passed.
    private readonly Dictionary<int, Func<End, End?>> _back = [];

    // The same for parts whose values depend on numbers that the class knows.
    private readonly Dictionary<int, NamedRange> _named = [];

    // Known values as C#.
    private readonly Func<int, string> _text;

    private readonly int _input;

    private Range _domain;

    private Domains(IReadOnlyList<Value> values, int input, Range start, Func<int, string>? text = null)
    {
        _values = values;
        _text = text ?? (_ => "");
        (_domain, _input) = (start, input);
        _ranges[input] = start;
        _back[input] = x => x;
    }

    public Bounds Domain => _domain.Bounds;

    /// <summary>What the map is onto; null where that cannot be derived.</summary>
    public Bounds? Codomain { get; private set; }

    /// <summary>
    /// What the map is onto where numbers of the class decide on that; null where nothing is known, or <see
    /// cref="Codomain"/> is.
    /// </summary>
    public NamedRange? NamedCodomain { get; private set; }

    /// <summary>
    /// The first map that is applied outside its domain: its name, the values it needs and those it gets.
    /// </summary>
    public (string Name, Bounds Domain, Bounds? Gets)? Violation { get; private set; }

    public static Domains Of(ForwardModel model)
    {
        var domains = new Domains(model.Values, model.Input, Range.Real, value => Expressions.Full(model, value));
        domains.Pass(model.Steps);

        // Parts of different kinds have no common interval; bijectors inside promise their own.
        domains.Codomain = domains._ranges[model.Output] is { IsSharp: true } range ? range.Bounds : null;
        domains.NamedCodomain = domains._named.TryGetValue(model.Output, out var named) ? named : null;
        return domains;
    }

    /// <summary>
    /// Where steps are defined on one side of a number, and the first that is not for a reason that no smaller domain
    /// mends.
    /// </summary>
    public static (Bounds Domain, string? Violation) OnSide(IReadOnlyList<Value> values, IEnumerable<Step> steps,
        int input, Bounds side)
    {
        var domains = new Domains(values, input, Range.Of(side));
        domains.Pass(steps);
        return (domains.Domain, domains.Violation?.Name);
    }

    /// <summary>
    /// A number at which maps of a part are defined, for entries that are not known yet or that a mask keeps.
    /// </summary>
    /// <param name="part">The part.</param>
    /// <param name="steps">The maps.</param>
    public double PointOf(int part, IEnumerable<Step> steps)
    {
        // What shrinks the domain later has not changed what was known of the part then.
        var maps = new Domains(_values, part, (part == _input ? _domain : _ranges[part]) ?? Range.Real, _text);
        maps.Pass(steps);
        return Inside(maps.Violation?.Domain ?? maps.Domain);
    }

    private static double Inside(Bounds bounds) => bounds switch
    {
        var b when b.Low < 0 && b.High > 0 => 0,
        var b when double.IsInfinity(b.High) => b.Low + 1,
        var b when double.IsInfinity(b.Low) => b.High - 1,
        var b => (b.Low + b.High) / 2,
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
                Onto(map.Input, map.Output, map.Function.Name, map.Function.Domain, map.Function.Range);
                break;
            case JointStep map:
                Onto(map.Input, map.Output, map.Map.Name, map.Map.Domain, map.Map.Range);
                break;
            case SurfaceStep map:
                Onto(map.Input, map.Output, map.Map.Name, map.Map.Domain, map.Map.Range);
                break;
            case MixStep mix:
                var isReal = mix.Inputs.All(i => _ranges[i] == Range.Real);
                mix.Outputs.ToList().ForEach(o => _ranges[o] = isReal ? Range.Real : null);
                break;
            case PiecewiseStep pieces:
                Map(pieces);
                break;
            case CausalStep causal:
                Pass(causal.Maps);
                break;
            case MaskedStep masked:
                Masked(masked);
                break;
            case ContractiveStep sum:
                _ranges[sum.Output] = _ranges[sum.Input] == Range.Real ? Range.Real : null;
                break;
            case RepeatStep repeat:
                Repeat(repeat);
                break;
            case BranchStep branch:
                Branch(branch);
                break;
            case MoveStep move:
                var inputs = move.Inputs.Select(i => _ranges[i]).Distinct().ToList();
                foreach (var output in move.Outputs)
                {
                    _ranges[output] = inputs.Count == 1 ? inputs[0] : null;
                    if (Named(move.Inputs[0]) is { } named && move.Inputs.All(i => Named(i) == named))
                    {
                        _named[output] = named;
                    }

                    if (move.Inputs.Count == 1 && move.Outputs.Count == 1
                        && _back.TryGetValue(move.Inputs[0], out var back))
                    {
                        _back[output] = back;
                    }
                }

                break;
            case ApplyStep apply:
                // The emitted Domain and Codomain check that the inner bijector maps all reals.
                _ranges[apply.Output] = _ranges[apply.Input] == Range.Real ? Range.Real : null;
                break;
        }
    }

    /// <summary>A map that is onto its range only from the whole of its domain.</summary>
    private void Onto(int input, int output, string name, Bounds domain, Bounds range) =>
        _ranges[output] = Enter(name, domain, input) == Range.Of(domain) ? Range.Of(range) : null;

    /// <summary>
    /// What is kept and what is mapped must lie in one interval. A domain that the maps alone need cannot be the domain
    /// of the whole, since what is kept would have it too.
    /// </summary>
    private void Masked(MaskedStep masked)
    {
        var input = _ranges[masked.Input];
        var leads = _back.TryGetValue(masked.Input, out var back);
        _back.Remove(masked.Input);
        Pass(masked.Maps);
        if (leads)
        {
            _back[masked.Input] = back!;
        }

        _ranges[masked.Output] = _ranges[masked.Maps[masked.Maps.Count - 1].Output] is { } moved && moved == input
            ? moved : null;
    }

    private void Map(MapStep map)
    {
        var row = Primitives.All[map.Primitive];
        var range = Enter(row.Name, row.Domain, map.Input);
        var constant =
            map.Operands.Count > 0 && _values[map.Operands[0]] is Leaf { Constant: { } c } ? c : (double?)null;
        var curve = Curve.Of(row, constant);
        _ranges[map.Output] = (range, curve) switch
        {
            ({ } i, { } f) => i.Through(end => end.Through(f.Forward)),
            ({ } i, null) when i == Range.Real && row.Domain == Bounds.Real => Range.Real,
            ({ } i, null) when i == Range.Positive && row.Name == "pow" => Range.Positive,
            ({ } i, null) => i.Through(end => AnyOperand.At(row, _values[map.Operands[0]], end)),
            _ => null,
        };
        // In a loop, a second pass may know less than the first.
        _named.Remove(map.Output);
        var from = range is { } known ? NamedRange.Of(known) : row.Domain == Bounds.Real ? Named(map.Input) : null;
        if (_ranges[map.Output] is null && from?.Through(map, _values, _text) is { } named)
        {
            _named[map.Output] = named;
        }

        if (curve is var (_, back) && _back.TryGetValue(map.Input, out var earlier))
        {
            _back[map.Output] = end => end.Through(back) is { } before ? earlier(before) : null;
        }
    }

    private NamedRange? Named(int part) => _named.TryGetValue(part, out var named) ? named : null;

    /// <summary>Each piece takes its own side of the cut to its own side of the image.</summary>
    private void Map(PiecewiseStep map)
    {
        var range = Enter("where", map.Domain, map.Input);
        var (below, above) = (Side(map.Below, Range.Of(new(map.Domain.Low, map.Cut))),
            Side(map.Above, Range.Of(new(map.Cut, map.Domain.High))));
        _ranges[map.Output] = range is { } whole ? Image(whole) : null;
        if (_back.TryGetValue(map.Input, out var earlier)
            && below._back.TryGetValue(map.Below.Output, out var fromBelow)
            && above._back.TryGetValue(map.Above.Output, out var fromAbove))
        {
            var (fromLow, fromHigh) = map.IsIncreasing ? (fromBelow, fromAbove) : (fromAbove, fromBelow);
            _back[map.Output] = end => (end == End.At(map.Image) ? End.At(map.Cut)
                : end.High <= map.Image ? fromLow(end)
                : end.Low >= map.Image ? fromHigh(end) : null) is { } before ? earlier(before) : null;
        }

        Domains Side(Piece piece, Range side)
        {
            var domains = new Domains(_values, map.Input, side);
            domains.Pass(piece.Steps);
            return domains;
        }

        Range? Image(Range whole)
        {
            // What a row needs and no longer surely gets would stand for what it gets: nothing is known then.
            Range? Of(Piece piece, Bounds side) => whole.Within(side) is { } part
                && Side(piece, part) is { Violation: null } inside && inside._domain == part
                ? inside._ranges[piece.Output] : null;
            var (low, high) = (Of(map.Below, new(double.NegativeInfinity, map.Cut)),
                Of(map.Above, new(map.Cut, double.PositiveInfinity)));
            return whole.High.High <= map.Cut ? low
                : whole.Low.Low >= map.Cut ? high
                : (low, high) is ({ } a, { } b) ? map.IsIncreasing ? new(a.Low, b.High) : new(b.Low, a.High)
                : null;
        }
    }

    /// <summary>
    /// The values a part has where a map that needs <paramref name="domain"/> is applied to it; the domain of the whole
    /// shrinks where it can.
    /// </summary>
    private Range? Enter(string name, Bounds domain, int part)
    {
        var range = _ranges[part];
        if (domain == Bounds.Real || range?.IsIn(domain) == true)
        {
            return range;
        }

        if (range?.Within(domain) is { } allowed && _back.TryGetValue(part, out var toInput)
            && allowed.Through(toInput) is { IsSharp: true } origin && _domain.Within(origin.Bounds) is { } shrunk)
        {
            _domain = shrunk;
            return allowed;
        }

        Violation ??= (name, domain, range?.Bounds);
        return Range.Of(domain);
    }

    /// <summary>
    /// A pass may run any number of times, so it must take the values it starts with to the same values. Of a state
    /// that changes nothing is known, and then perhaps of those either that are computed from it or exchanged with it.
    /// </summary>
    private void Repeat(RepeatStep repeat)
    {
        // What shrinks the domain in one pass would shrink it again in the next: inside, nothing leads
        // back to the input.
        var states = repeat.Inputs.Select(i => _ranges[i]).ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < states.Count; i++)
            {
                _ranges[repeat.Heads[i]] = states[i];
            }

            Pass(repeat.Body.Steps);
            for (var i = 0; i < states.Count; i++)
            {
                if (states[i] is not null && states[i] != _ranges[repeat.Body.Tails[i]])
                {
                    states[i] = null;
                    changed = true;
                }
            }
        }

        for (var i = 0; i < states.Count; i++)
        {
            _ranges[repeat.Outputs[i]] = states[i];
        }
    }

    private void Branch(BranchStep branch)
    {
        // A domain that only one branch needs cannot be the domain of the whole.
        var leads = branch.Inputs.Where(_back.ContainsKey).ToDictionary(i => i, i => _back[i]);
        foreach (var input in leads.Keys)
        {
            _back.Remove(input);
        }

        Pass(branch.Then.Steps);
        Pass(branch.Else.Steps);
        for (var i = 0; i < branch.Outputs.Count; i++)
        {
            var (then, otherwise) = (_ranges[branch.Then.Tails[i]], _ranges[branch.Else.Tails[i]]);
            _ranges[branch.Outputs[i]] = then == otherwise ? then : null;
        }
    }
}
