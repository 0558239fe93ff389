namespace Bijectors.Testing.RandomFlows;

/// <summary>A step that only moves entries.</summary>
internal abstract record RearrangingStep : Step
{
    public override int Cost => 100;

    public override bool IsTransparent => true;

    public override Shape Output(Shape input) => input;
}

/// <summary><c>new Reverse(dim)</c></summary>
internal sealed record ReverseStep(int Dim) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Reverse)];

    public override int Cost => base.Cost - Dim;

    public override Bijector Build(Shape input, Making making) => new Reverse(Dim);

    public override string Write(Shape input, int contextSize) => Text.Call("new Reverse", Dim == -1 ? null : $"{Dim}");

    public override IEnumerable<Step> Simpler(Shape input) => Dim == -1 ? [] : [new ReverseStep(-1)];
}

/// <summary><c>new Roll(shift, dim)</c></summary>
internal sealed record RollStep(int Shift, int Dim) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Roll)];

    public override int Cost => base.Cost + Math.Abs(Shift) + (Shift < 0 ? 1 : 0) - Dim;

    public override Bijector Build(Shape input, Making making) => new Roll(Shift, Dim);

    public override string Write(Shape input, int contextSize) =>
        Text.Call("new Roll", $"{Shift}", Dim == -1 ? null : $"{Dim}");

    public override IEnumerable<Step> Simpler(Shape input) =>
        [new RollStep(1, Dim), new RollStep(Shift, -1), new ReverseStep(Dim)];
}

/// <summary><c>new Permute(order, dim)</c>, or a random one that is drawn from the generator.</summary>
internal sealed record PermuteStep(int? Key, int Dim) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Permute)];

    public override int Cost => base.Cost + 10 - Dim;

    public override Bijector Build(Shape input, Making making) =>
        Key is { } key ? new Permute(Order(key, input), Dim) : Permute.Random(input[Dim], making.Generator, Dim);

    public override string Write(Shape input, int contextSize)
    {
        var dim = Dim == -1 ? null : $"{Dim}";
        return Key is { } key
            ? Text.Call("new Permute", Text.Of(Order(key, input)), dim)
            : Text.Call("Permute.Random", $"{input[Dim]}", "g", dim);
    }

    public override IEnumerable<Step> Simpler(Shape input) => [new ReverseStep(Dim), new PermuteStep(Key, -1)];

    private long[] Order(int key, Shape input) => Chance.Of(key).Order(input[Dim]);
}

/// <summary><c>new ElementPermutation(shape, order)</c> of the last dimensions, or a random one.</summary>
internal sealed record ElementPermutationStep(int? Key, int Rank) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(ElementPermutation)];

    public override int Cost => base.Cost + 10 + Rank;

    public override Bijector Build(Shape input, Making making) => Key is { } key
        ? new ElementPermutation(input.Trailing(Rank), Order(key, input))
        : ElementPermutation.Random(input.Trailing(Rank), making.Generator);

    public override string Write(Shape input, int contextSize)
    {
        var shape = Text.Of(input.Trailing(Rank));
        return Key is { } key
            ? $"new ElementPermutation({shape}, {Text.Of(Order(key, input))})"
            : $"ElementPermutation.Random({shape}, g)";
    }

    public override IEnumerable<Step> Simpler(Shape input) => [new ReverseStep(-1), new ElementPermutationStep(Key, 1)];

    private long[] Order(int key, Shape input) => Chance.Of(key).Order(input.Trailing(Rank).Size);
}

/// <summary><c>new Reshape(from, to)</c> of the last dimensions.</summary>
internal sealed record ReshapeStep(int Rank, Shape To) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Reshape)];

    public override int Cost => base.Cost + Rank + To.Rank;

    public override Shape Output(Shape input) => To.Size == input.Trailing(Rank).Size
        ? input.Leading(Rank).Then(To)
        : throw new ShapeException("Reshape", $"expected {To.Size} elements", $"got {input.Trailing(Rank)}");

    public override Bijector Build(Shape input, Making making) => new Reshape(input.Trailing(Rank), To);

    public override string Write(Shape input, int contextSize) =>
        $"new Reshape({Text.Of(input.Trailing(Rank))}, {Text.Of(To)})";
}

/// <summary><c>new Flatten(shape)</c> of the last dimensions.</summary>
internal sealed record FlattenStep(int Rank) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Flatten)];

    public override Shape Output(Shape input) => input.Leading(Rank).Then(Shape.Vector(input.Trailing(Rank).Size));

    public override Bijector Build(Shape input, Making making) => new Flatten(input.Trailing(Rank));

    public override string Write(Shape input, int contextSize) => $"new Flatten({Text.Of(input.Trailing(Rank))})";
}

/// <summary><c>new Squeeze(factor)</c></summary>
internal sealed record SqueezeStep(int Factor) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Squeeze)];

    public override int Cost => base.Cost + Factor;

    public override Shape Output(Shape input) => input[-1] % Factor == 0 && input[-2] % Factor == 0 && input.Rank >= 3
        ? input.With(-3, input[-3] * Factor * Factor).With(-2, input[-2] / Factor).With(-1, input[-1] / Factor)
        : throw new ShapeException("Squeeze", $"expected an image whose sides {Factor} divides", $"got {input}");

    public override Bijector Build(Shape input, Making making) => new Squeeze(Factor);

    public override string Write(Shape input, int contextSize) =>
        Text.Call("new Squeeze", Factor == 2 ? null : $"{Factor}");
}

/// <summary><c>new Patchify(shape, patch)</c></summary>
internal sealed record PatchifyStep(int Patch) : RearrangingStep
{
    public override IEnumerable<string> Forms => [nameof(Patchify)];

    public override int Cost => base.Cost + Patch;

    public override Shape Output(Shape input) => input.Rank == 3 && input[-1] % Patch == 0 && input[-2] % Patch == 0
        ? Shape.Of(input[1] / Patch * (input[2] / Patch), input[0] * Patch * Patch)
        : throw new ShapeException("Patchify", $"expected an image whose sides {Patch} divides", $"got {input}");

    public override Bijector Build(Shape input, Making making) => new Patchify(input, Patch);

    public override string Write(Shape input, int contextSize) => $"new Patchify({Text.Of(input)}, {Patch})";
}
