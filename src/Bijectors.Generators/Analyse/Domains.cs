using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Bijectors.Generators.Parse;

namespace Bijectors.Generators.Analyse;

/// <summary>
/// Interval analysis: what values each part can take, where the whole map is defined, and what it maps onto. All primitives are
/// monotone, so an interval goes to the interval between the images of its ends.
/// </summary>
internal sealed class Domains
{
    private readonly ForwardModel _model;
    private readonly ValueTable _values;

    // The values each part takes; null where they depend on something that is not a literal.
    private readonly Dictionary<int, Bounds?> _bounds = [];

    // The way back from a part to the input on doubles, while only steps with literal operands have been passed.
    private readonly Dictionary<int, Func<double, double>> _back = [];

    private Domains(ForwardModel model, ValueTable values)
    {
        _model = model;
        _values = values;
        _bounds[model.Input] = Bounds.Real;
        _back[model.Input] = x => x;
    }

    public Bounds Domain { get; private set; } = Bounds.Real;

    /// <summary>What the map is onto; null where that cannot be derived.</summary>
    public Bounds? Codomain { get; private set; }

    /// <summary>The first step that is applied outside its domain: its primitive and the values it gets.</summary>
    public (Primitive Row, Bounds? Gets)? Violation { get; private set; }

    public static Domains Of(ForwardModel model, ValueTable values)
    {
        var domains = new Domains(model, values);
        foreach (var step in model.Steps)
        {
            domains.Pass(step);
        }

        // Parts of different kinds have no common interval; bijectors inside promise their own.
        domains.Codomain = domains._bounds[model.Output];
        return domains;
    }

    private void Pass(Step step)
    {
        switch (step)
        {
            case MapStep map:
                Map(map);
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
        var bounds = _bounds[map.Input];
        if (row.Domain != Bounds.Real && (bounds is not { } b || !row.Domain.Contains(b)))
        {
            if (bounds is { } known && _back.TryGetValue(map.Input, out var toInput))
            {
                // The domain of the whole map shrinks to what this step can take.
                var allowed = row.Domain.Intersect(known);
                var origin = allowed.Through(toInput);
                if (allowed.Low < allowed.High && origin.Low < origin.High)
                {
                    bounds = allowed;
                    Domain = Domain.Intersect(origin);
                }
                else
                {
                    Violation ??= (row, known);
                }
            }
            else
            {
                Violation ??= (row, bounds);
                bounds = row.Domain;
            }
        }

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
            "leaky_relu" => (x => x > 0 ? x : k * x, y => y > 0 ? y : y / k),
            _ => (null, null),
        };
    }
}
