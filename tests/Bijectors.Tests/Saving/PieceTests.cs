using System.Text.Json;
using Bijectors.Testing;
using Bijectors.Tests.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Saving;

/// <summary>
/// Every piece there is comes back from its declaration and its tensors as the same map under the same names.
/// </summary>
public sealed class PieceTests
{
    private const int Depth = 1024;

    public static TheoryData<string> Bijectors => [.. Catalogue.All.Select(entry => entry.Name)];

    public static TheoryData<string> Distributions => [.. DistributionCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Bijectors))]
    public void A_bijector_comes_back(string name)
    {
        using var scope = NewDisposeScope();
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        var f = entry.Make(3);
        Move(f);
        var g = Again(f);
        Assert.Equal(f.ToString(), g.ToString());

        var x = f.Domain.Sample([5, .. entry.Shape.ToArray()], ScalarType.Float32, new Generator(1));
        var context = entry.ContextSize is { } size ? randn(5, size, generator: new Generator(2)) : null;
        var (expected, got) = (f.Forward(x, context), g.Forward(x, context));
        Assert.True(expected.nan_to_num().Equals(got.nan_to_num()));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void A_distribution_comes_back(string name)
    {
        using var scope = NewDisposeScope();
        var p = DistributionCatalogue.All.Single(entry => entry.Name == name).Make(new Generator(3));
        Move(p);
        var q = Again(p);
        Assert.Equal((p.ToString(), p.EventShape, p.ContextShape), (q.ToString(), q.EventShape, q.ContextShape));
        var context = p.ContextShape is { } shape ? randn([5, .. shape.ToArray()], generator: new Generator(2)) : null;
        var (expected, got) = (p.Sample(5, context, new Generator(4)), q.Sample(5, context, new Generator(4)));
        Assert.True(expected.Equals(got));
        Assert.True(p.LogProb(expected, context).Equals(q.LogProb(expected, context)));
    }

    /// <summary>What a file does: through text, tensors by name, and the state dictionary.</summary>
    internal static T Again<T>(T piece)
        where T : nn.Module
    {
        var (declaration, constants) = PieceWriter.Write(piece);
        var state = piece.state_dict();
        var tensors = state.Concat(constants).ToDictionary(row => row.Key, row => row.Value);
        using var document = JsonDocument.Parse(
            declaration.ToJsonString(new JsonSerializerOptions { MaxDepth = Depth }),
            new JsonDocumentOptions { MaxDepth = Depth });
        var again = (T)PieceReader.Read(document.RootElement, tensors);
        Assert.Equal(piece.GetType(), again.GetType());
        var filled = again.state_dict();
        Assert.Equal(state.Keys, filled.Keys);
        using var ungraded = no_grad();
        foreach (var (key, tensor) in filled)
        {
            tensor.copy_(state[key]);
        }

        return again;
    }

    private static void Move(nn.Module module)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(7);
        foreach (var parameter in module.parameters())
        {
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator), alpha: 0.05);
        }
    }
}
