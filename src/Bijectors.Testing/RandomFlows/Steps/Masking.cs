namespace Bijectors.Testing.RandomFlows;

/// <summary>How a masked network is put together, where it is not as usual.</summary>
/// <param name="OrderKey">What the order of the features is drawn from; null for their own.</param>
/// <param name="RandomDegrees">Whether the degrees are drawn.</param>
/// <param name="Activation">The name of the activation.</param>
/// <param name="IsResidual">Whether it has residual blocks or plain layers.</param>
internal sealed record Masking(
    int? OrderKey = null, bool RandomDegrees = false, string Activation = nameof(Bijectors.Activation.Relu),
    bool IsResidual = true)
{
    private static readonly Activation[] s_activations =
    [
        Bijectors.Activation.Relu, Bijectors.Activation.Tanh, Bijectors.Activation.Silu, Bijectors.Activation.Elu,
        Bijectors.Activation.Gelu, Bijectors.Activation.Selu, Bijectors.Activation.Softplus,
        Bijectors.Activation.Sigmoid,
    ];

    public int Cost => (OrderKey is null ? 0 : 10) + (RandomDegrees ? 5 : 0) + (IsResidual ? 0 : 5) + (IsUsual ? 0 : 5);

    public IEnumerable<string> Forms =>
    [
        $"Activation.{Activation}",
        .. OrderKey is null ? Array.Empty<string>() : ["MadeOptions.Order"],
        .. RandomDegrees ? ["MadeOptions.RandomDegrees"] : Array.Empty<string>(),
        .. IsResidual ? Array.Empty<string>() : ["MadeOptions of plain layers"],
    ];

    private bool IsUsual => Activation == nameof(Bijectors.Activation.Relu);

    public static Masking Draw(Chance chance) => chance.Happens(0.5)
        ? new()
        : new(
            chance.Happens(0.5) ? chance.Key() : null, chance.Happens(0.4), chance.Pick(s_activations).Name,
            chance.Happens(0.6));

    public MadeOptions Make(long features, int outputs) => new()
    {
        Order = OrderKey is { } key ? Order(key, features) : null,
        RandomDegrees = RandomDegrees,
        Outputs = outputs,
        Activation = s_activations.Single(activation => activation.Name == Activation),
        IsResidual = IsResidual,
    };

    /// <summary>The options as an argument; null where all are as usual.</summary>
    public string? Write(long features, int outputs)
    {
        string?[] options =
        [
            OrderKey is { } key ? $"Order = {Text.Of(Order(key, features).Select(i => (long)i))}" : null,
            RandomDegrees ? "RandomDegrees = true" : null,
            outputs == 2 ? null : $"Outputs = {outputs}",
            IsUsual ? null : $"Activation = Activation.{Activation}",
            IsResidual ? null : "IsResidual = false",
        ];
        var given = string.Join(", ", options.Where(option => option is not null));
        return given.Length == 0 ? null : $"options: new() {{ {given} }}";
    }

    public IEnumerable<Masking> Simpler() =>
    [
        new(), this with { OrderKey = null }, this with { RandomDegrees = false }, this with { IsResidual = true },
        this with { Activation = nameof(Bijectors.Activation.Relu) },
    ];

    private static int[] Order(int key, long features) => [.. Chance.Of(key).Order(features).Select(i => (int)i)];
}
