using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>A frozen bijector is one: all laws hold of it.</summary>
public sealed class FrozenLawTests
{
    public static TheoryData<string> Names => [.. Catalogue.All.Select(entry => entry.Name)];

    public static TheoryData<string> Share => [.. Catalogue.Share("4/16")];

    [Theory]
    [MemberData(nameof(Share))]
    public void Laws_hold_in_the_catalogue(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        BijectorLaws.Check(new(seed => Trained.Bijector(entry.Make(seed)).Frozen(entry.Shape, ScalarType.Float64),
            entry.Shape, entry.ContextSize));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Maps_and_log_dets_are_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var leaving = no_grad();
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        var f = Trained.Bijector(entry.Make(3));
        f.to(ScalarType.Float64);
        var frozen = f.Frozen(entry.Shape, ScalarType.Float64);
        var generator = new Generator(1);
        var x = f.Domain.Sample([4, .. entry.Shape.ToArray()], ScalarType.Float64, generator);
        var context = entry.ContextSize is { } size ? randn([4, size], ScalarType.Float64, generator: generator) : null;
        foreach (var noise in f.LogDetNoise)
        {
            noise.manual_seed(5);
        }

        var (y, logDet) = f.ForwardWithLogDet(x, context, entry.Shape.Rank);

        // An estimate is compared with that of the same noise.
        foreach (var noise in f.LogDetNoise)
        {
            noise.manual_seed(5);
        }

        var (frozenY, frozenLogDet) = frozen.ForwardWithLogDet(x, context, entry.Shape.Rank);
        Assert.InRange(Trained.Difference(y, frozenY), 0, 1e-10);
        Assert.InRange(Trained.Difference(logDet, frozenLogDet), 0, 1e-10);
        Assert.InRange(Trained.Difference(f.Inverse(y, context), frozen.Inverse(y, context)), 0, 1e-7);
        Assert.Equal(f.OutputShape(entry.Shape), frozen.OutputShape(entry.Shape));
        Assert.Equal(f.Domain, frozen.Domain);
        Assert.Equal(f.Codomain, frozen.Codomain);
        Assert.Empty(frozen.parameters());
    }
}
