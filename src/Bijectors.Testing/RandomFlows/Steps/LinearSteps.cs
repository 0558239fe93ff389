namespace Bijectors.Testing.RandomFlows;

/// <summary>A matrix for the vectors along an axis: <c>new Type(size, g)</c>.</summary>
internal abstract record MatrixStep : Step
{
    public override IEnumerable<string> Forms => [Type];

    public override int Cost => 120;

    /// <summary>The name of the type.</summary>
    protected abstract string Type { get; }

    /// <summary>The axis, counted from the end.</summary>
    protected abstract int Axis { get; }

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => Make(input[Axis], making.Generator);

    public override string Write(Shape input, int contextSize) => $"new {Type}({input[Axis]}, g)";

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gains.Linear);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gains.Linear);

    /// <summary>The bijector for vectors of a size.</summary>
    protected abstract Bijector Make(long size, Generator generator);
}

/// <summary><c>new PluLinear(size, g)</c></summary>
internal sealed record LinearStep : MatrixStep
{
    protected override string Type => nameof(PluLinear);

    protected override int Axis => -1;

    protected override Bijector Make(long size, Generator generator) => new PluLinear(size, generator);
}

/// <summary><c>new Householder(size, reflections, g)</c></summary>
internal sealed record HouseholderStep(int Reflections) : Step
{
    public override IEnumerable<string> Forms => [nameof(Householder)];

    public override int Cost => 110 + Reflections;

    public override Shape Output(Shape input) => Reflections <= input[-1]
        ? input
        : throw new ShapeException(nameof(Householder), $"expected {Reflections} entries or more", $"got {input}");

    public override Bijector Build(Shape input, Making making) =>
        new Householder(input[-1], Reflections, making.Generator);

    public override string Write(Shape input, int contextSize) =>
        $"new {nameof(Householder)}({input[-1]}, {Reflections}, g)";

    public override IEnumerable<Step> Simpler(Shape input) => [new HouseholderStep(1)];

    // No entry is larger than the length.
    public override Probes Forward(Probes probes, Shape input) =>
        probes.Mixed(size => size * Math.Sqrt(input[-1]));

    public override Probes Backward(Probes probes, Shape input) => Forward(probes, input);
}

/// <summary><c>new Conv1x1(channels, g)</c></summary>
internal sealed record ConvolutionStep : MatrixStep
{
    protected override string Type => nameof(Conv1x1);

    protected override int Axis => -3;

    protected override Bijector Make(long size, Generator generator) => new Conv1x1(size, generator);
}

/// <summary><c>new TriangularConvolution(channels, g, 2, corner)</c></summary>
internal sealed record TriangularStep(Corner Corner) : Step
{
    public override IEnumerable<string> Forms => [nameof(TriangularConvolution)];

    public override int Cost => 125 + (int)Corner;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) =>
        new TriangularConvolution(input[-3], making.Generator, kernel: 2, Corner);

    public override string Write(Shape input, int contextSize) =>
        $"new {nameof(TriangularConvolution)}({input[-3]}, g, 2, {nameof(Corner)}.{Corner})";

    public override IEnumerable<Step> Simpler(Shape input) => [new TriangularStep(Corner.TopLeft)];

    // Three taps of a quarter in each entry beside the pixel itself, and their powers in the inverse.
    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => 4 * Gains.Linear(size));

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => 16 * Gains.Linear(size));
}

/// <summary><c>new ActNorm(shape, axis)</c>, or of each element of the last dimensions.</summary>
internal sealed record ActNormStep(int? Axis, int Rank) : Step
{
    public override IEnumerable<string> Forms =>
        [nameof(ActNorm), Axis is null ? "ActNorm.Elements" : $"ActNorm along {Axis}"];

    public override int Cost => 120 + Rank - (Axis ?? 0);

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) =>
        Axis is { } axis ? new ActNorm(input, axis) : ActNorm.Elements(input.Trailing(Rank));

    public override string Write(Shape input, int contextSize) => Axis is { } axis
        ? Text.Call("new ActNorm", Text.Of(input), axis == -1 ? null : $"{axis}")
        : $"ActNorm.Elements({Text.Of(input.Trailing(Rank))})";

    public override IEnumerable<Step> Simpler(Shape input) =>
        [new ActNormStep(-1, 0), new ActNormStep(null, 1), new ActNormStep(null, 0)];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gains.Norm);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gains.Norm);
}

/// <summary><c>new Standardize(mean, deviation)</c> of the last dimensions.</summary>
internal sealed record StandardizeStep(int Key, int Rank) : Step
{
    public override IEnumerable<string> Forms => [nameof(Standardize)];

    public override int Cost => 120 + Rank;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (mean, deviation) = Numbers(input.Trailing(Rank));
        var sizes = input.Trailing(Rank).ToArray();
        return new Standardize(
            TorchSharp.torch.tensor(mean).reshape(sizes), TorchSharp.torch.tensor(deviation).reshape(sizes));
    }

    public override string Write(Shape input, int contextSize)
    {
        var (mean, deviation) = Numbers(input.Trailing(Rank));
        return $"new Standardize({Tensor(mean)}, {Tensor(deviation)})";

        string Tensor(float[] numbers) =>
            $"torch.tensor(new[] {{ {string.Join(", ", numbers.Select(x => Text.Of(Math.Round(x, 1)) + "f"))} "
            + $"}}).reshape({string.Join(", ", input.Trailing(Rank).ToArray())})";
    }

    public override IEnumerable<Step> Simpler(Shape input) => [this with { Rank = 1 }, this with { Rank = 0 }];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gains.Norm);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gains.Norm);

    private (float[] Mean, float[] Deviation) Numbers(Shape shape)
    {
        var chance = Chance.Of(Key);
        return (Tenths(-10, 10), Tenths(5, 20));

        float[] Tenths(int low, int high) =>
            [.. Enumerable.Range(0, (int)shape.Size).Select(_ => chance.Between(low, high) / 10f)];
    }
}
