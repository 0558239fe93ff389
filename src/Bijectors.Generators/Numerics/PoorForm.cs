namespace Bijectors.Generators.Numerics;

/// <summary>A row of the table of poor forms: two formulas with the same value on paper.</summary>
/// <param name="Poor">What is looked for; <c>x</c> and <c>d</c> stand for any expression, the same one wherever they
/// are repeated.</param>
/// <param name="Better">What is written instead.</param>
/// <param name="Why">What goes wrong, a clause behind the expression.</param>
/// <param name="ForNumbers">Whether <c>System.Math</c> has the better function too.</param>
internal sealed record PoorForm(string Poor, string Better, string Why, bool ForNumbers = false)
{
    private const string Overflow = "overflows for a large x";
    private const string SmallDigits = "loses the digits of a small x";
    private const string Saturates = "is -inf where the inner function has saturated";

    /// <summary>
    /// The table. Of several rows that fit, the first one counts: the special forms stand before the general ones.
    /// </summary>
    public static readonly IReadOnlyList<PoorForm> All =
    [
        new("log(1 + exp(x))", "Softplus(x)", Overflow),
        new("log1p(exp(x))", "Softplus(x)", Overflow),
        new("log(sigmoid(x))", "logsigmoid(x)", Saturates),
        new("log(1 - sigmoid(x))", "logsigmoid(-x)", Saturates),
        new("log(softmax(x, d))", "log_softmax(x, d)", Saturates),
        new("log(cosh(x))", "LogCosh(x)", Overflow),
        new("log(x / (1 - x))", "Logit(x)", "loses the digits of an x near 0 or 1"),
        new("log(exp(x))", "x", Overflow, ForNumbers: true),
        new("log(1 + x)", "log1p(x)", SmallDigits),
        new("log(1 - x)", "log1p(-x)", SmallDigits),
        new("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)", Overflow, ForNumbers: true),
        new("(exp(x) - exp(-x)) / 2", "sinh(x)", SmallDigits, ForNumbers: true),
        new("(exp(x) - exp(-x)) * 0.5", "sinh(x)", SmallDigits, ForNumbers: true),
        new("1 / (1 + exp(-x))", "sigmoid(x)", "has the gradient NaN where the exponential overflows"),
        new("1 / (1 + exp(x))", "sigmoid(-x)", "has the gradient NaN where the exponential overflows"),
        new("exp(x) / (1 + exp(x))", "sigmoid(x)", Overflow),
        new("exp(x) - 1", "expm1(x)", SmallDigits),
        new("1 - exp(x)", "-expm1(x)", SmallDigits),
        new("sqrt(x * x)", "abs(x)", "has the gradient NaN at 0 and overflows for a large x", ForNumbers: true),
        new("sqrt(square(x))", "abs(x)", "has the gradient NaN at 0 and overflows for a large x"),
    ];
}
