using System.Globalization;

namespace Bijectors.Zoo;

/// <summary>
/// Finds the width at which a model has a given number of parameters, so that models can be compared at the same size.
/// The width is the option <c>Hidden</c>; all others stay as they are.
/// </summary>
public static class BudgetSearch
{
    /// <summary>How far from the number asked for the parameters may be, as a fraction of it.</summary>
    public const double Tolerance = 0.1;

    private const int WidestHidden = 1 << 16;

    /// <summary>The options whose flow comes closest to a number of parameters.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="shape">The shape of one item.</param>
    /// <param name="parameters">The number of parameters to come close to.</param>
    /// <param name="options">What the other options are; <see cref="Model.DefaultsFor"/> if null.</param>
    /// <param name="levels">The number of values of a pixel; null for continuous data.</param>
    /// <param name="context">The shape of one context of a conditional model; null for none.</param>
    /// <returns>Options within <see cref="Tolerance"/> of the number.</returns>
    /// <exception cref="ArgumentException">No width comes close enough; the message says what can be had.</exception>
    /// <exception cref="ShapeException">The model does not fit the shape.</exception>
    public static object Fit(
        Model model, Shape shape, long parameters, object? options = null, int? levels = null, Shape? context = null)
    {
        var (nearest, got) = Nearest(model, shape, parameters, options, levels, context);
        return IsWithin(got, parameters)
            ? nearest
            : throw new ArgumentException(
                $"{model.Title}: expected a number of parameters that some width has, got {parameters}; "
                + $"the nearest for items {shape} is {got}.");
    }

    /// <summary>True where a number of parameters is within <see cref="Tolerance"/> of the one asked for.</summary>
    public static bool IsWithin(long got, long parameters) => Math.Abs(got - parameters) <= Tolerance * parameters;

    /// <summary>The options whose flow comes closest to a number of parameters, however far that is.</summary>
    /// <inheritdoc cref="Fit" path="/param"/>
    /// <returns>The options and the number of parameters that they give.</returns>
    /// <exception cref="ShapeException">The model does not fit the shape.</exception>
    /// <exception cref="ArgumentException">No width makes a flow of the other options.</exception>
    public static (object Options, long Parameters) Nearest(
        Model model, Shape shape, long parameters, object? options = null, int? levels = null, Shape? context = null)
    {
        var basis = options ?? model.DefaultsFor(shape);
        // The number of parameters grows with the width, so the widest flow that is not too large is found by
        // doubling and halving.
        var (low, high, widest) = (0, 1, 0);
        while (high < WidestHidden && Count(high) <= parameters)
        {
            (low, high) = (high, 2 * high);
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Count(middle) <= parameters ? (middle, high) : (low, middle);
        }

        var best = Count(low) > 0 && parameters - Count(low) <= Count(high) - parameters ? low : high;
        return (With(best), Exactly(best));

        object With(int hidden) => model.With(basis, "hidden", hidden.ToString(CultureInfo.InvariantCulture));

        long Exactly(int hidden)
        {
            using var flow = model.Create(shape, With(hidden), levels, context: context);
            return flow.ParameterCount;
        }

        // Some models need a least width, and below it there is no flow to count; others have a greatest one.
        long Count(int hidden)
        {
            try
            {
                var count = hidden == 0 ? 0 : Exactly(hidden);
                widest = Math.Max(widest, hidden);
                return count;
            }
            catch (ArgumentException exception)
                when (exception is not (ShapeException or DomainException or LimitException) || widest > 0)
            {
                return hidden > widest && widest > 0 ? long.MaxValue : 0;
            }
        }
    }
}
