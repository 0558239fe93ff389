using System.Reflection;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Fuzz;

/// <summary>Declarations: any steps of the builder one after another, with any numbers.</summary>
internal sealed class DeclarationTarget() : Target("declaration", 20)
{
    private const int MostSteps = 4;

    private static readonly long[] s_numbers = [-1, 0, 1, 2, 3, 4, 5, 8, 64, int.MaxValue, int.MinValue];

    private static readonly double[] s_reals =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, 0, 1e-300, 0.05, 0.5, 1, 2, 1e300];

    private static readonly MethodInfo[] s_steps =
    [
        .. typeof(FlowBuilder).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(FlowBuilder) && method.GetParameters().All(CanBeDrawn))
            .OrderBy(method => method.ToString(), StringComparer.Ordinal),
    ];

    private readonly StringBuilder _declared = new();

    public override IEnumerable<byte[]> Seeds => [];

    public override string Doing => $"{_declared}";

    // The steps are drawn from it where they are declared.
    public override byte[] Draw(Random random) => BitConverter.GetBytes(random.NextInt64());

    public override string? Run(byte[] input, string folder)
    {
        var random = new Random((int)BitConverter.ToInt64(input));
        var declared = _declared.Clear();
        try
        {
            using var scope = NewDisposeScope();
            using var ungraded = no_grad();
            using var generator = new Generator(1);
            var shape = ShapeOf(random, 0.05);
            declared.Append($"Flow.On({shape})");
            var builder = Flow.On(shape, seed: 1);
            for (var i = random.Next(1, MostSteps + 1); i > 0; i--)
            {
                var step = s_steps[random.Next(s_steps.Length)];
                var (before, parameters) = (builder.Shape, step.GetParameters());
                object?[] values = [.. parameters.Select(parameter => Value(parameter, random, before))];
                declared.Append($".{step.Name}({string.Join(", ", values.Select(value => value ?? "null"))})");
                builder = (FlowBuilder)step.Invoke(builder, values)!;
            }

            using var flow = builder.Into(Distribution.StandardNormal);
            var samples = flow.Sample(3, null, generator);
            if (flow.HasExactLogProb)
            {
                Demand(
                    !flow.LogProb(samples).isnan().any().ToBoolean(), $"{declared}: a log-density that is no number");
            }

            return null;
        }
        catch (Exception exception) when (exception is not Finding)
        {
            var thrown = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            try
            {
                return Refusal.Of(thrown);
            }
            catch (Finding finding)
            {
                throw new Finding($"{declared}: {finding.Message}", thrown);
            }
        }
    }

    private static bool CanBeDrawn(ParameterInfo parameter) => parameter.HasDefaultValue
        || parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(long)
        || parameter.ParameterType == typeof(double) || parameter.ParameterType == typeof(bool)
        || parameter.ParameterType == typeof(Shape) || parameter.ParameterType == typeof(Axis)
        || parameter.ParameterType == typeof(Tensor) || parameter.ParameterType.IsEnum;

    private static object? Value(ParameterInfo parameter, Random random, Shape shape)
    {
        var type = parameter.ParameterType;
        if (parameter.HasDefaultValue && (random.Next(2) == 0 || !CanBeDrawn(new Required(parameter))))
        {
            return parameter.DefaultValue ?? (type.IsValueType ? Activator.CreateInstance(type) : null);
        }

        return type == typeof(int) ? (int)Number(random)
            : type == typeof(long) ? Number(random)
            : type == typeof(double) ? s_reals[random.Next(s_reals.Length)]
            : type == typeof(bool) ? random.Next(2) == 0
            : type == typeof(Shape) ? (random.Next(2) == 0 ? Shape.Vector(shape.Size) : ShapeOf(random, 0))
            : type == typeof(Axis) ? ((Axis[])[default, Axis.Channels, Axis.Patches])[random.Next(3)]
            : type == typeof(Tensor) ? randn([random.Next(1, 5), .. shape.ToArray()], generator: new Generator(1))
            : Enum.ToObject(type, random.Next(-1, 5));
    }

    // Mostly small: large ones are refused by memory alone.
    private static long Number(Random random) =>
        random.Next(3) > 0 ? random.Next(1, 6) : s_numbers[random.Next(s_numbers.Length)];

    private static Shape ShapeOf(Random random, double wrong) => random.NextDouble() < wrong
        ? Shape.Of(random.Next(-1, 2), random.Next(-1, 2))
        : random.Next(3) switch
        {
            0 => Shape.Vector(random.Next(1, 6)),
            1 => Shape.Of(random.Next(1, 4), random.Next(1, 5)),
            _ => Shape.Image(random.Next(1, 3), 2 * random.Next(1, 3), 2 * random.Next(1, 3)),
        };

    /// <summary>A parameter as if it had no default value.</summary>
    private sealed class Required(ParameterInfo of) : ParameterInfo
    {
        public override Type ParameterType => of.ParameterType;

        public override bool HasDefaultValue => false;
    }
}
