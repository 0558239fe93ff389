using System.Runtime.CompilerServices;

namespace Bijectors.Generators.Tests;

/// <summary>The emitted code, kept as files to be read as code. After a wanted change, rename <c>*.received.cs</c> to <c>*.verified.cs</c>.</summary>
public class SnapshotTests
{
    public static TheoryData<string, string> Bijectors() => new()
    {
        { "Exp", "[GeneratedBijector] public sealed partial class Exp : Bijector { [Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "Squash", "[GeneratedBijector] public sealed partial class Squash : Bijector { [Forward] private static Tensor Map(Tensor x) => 2 * torch.sigmoid(3 * x + 1) - 1; }" },
        {
            "AffineCoupling", """
            [GeneratedBijector]
            public sealed partial class AffineCoupling : Bijector
            {
                private readonly Net _net = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Couple(Tensor x, Tensor? context)
                {
                    var (a, b) = Parts.Halves(x);
                    var (logScale, shift) = _net.ScaleAndShift(a, context);
                    b = b * torch.exp(torch.tanh(logScale)) + shift;
                    return Parts.Join(a, b);
                }
            }
            """
        },
        {
            "TwoWay", """
            [GeneratedBijector]
            public sealed partial class TwoWay : Bijector
            {
                private readonly Net _f = new(), _g = new();
                public override int EventRank => 1;

                [Forward]
                private Tensor Couple(Tensor x)
                {
                    var (a, b) = Parts.Halves(x);
                    var (s, t) = _f.ScaleAndShift(a, null);
                    b = b * torch.sigmoid(s + 2) + t;
                    var (u, v) = _g.ScaleAndShift(b, null);
                    var c = a / (0.5 + torch.nn.functional.softplus(u)) - v;
                    return Parts.Join(c, Parts.Flip(-b));
                }
            }
            """
        },
        {
            "FactorOut", """
            [GeneratedBijector]
            public sealed partial class FactorOut : Bijector
            {
                private readonly Partition _partition = Partition.Halves(-3);
                private readonly Bijector _rest = null!;
                private readonly Net _prior = new();
                private readonly Shape _kept = Shape.Vector(4), _gone = Shape.Image(1, 2, 2);
                public override int EventRank => 3;
                public override int OutputEventRank => 1;

                [Forward]
                private Tensor Map(Tensor x, Tensor? context)
                {
                    var (a, b) = _partition.Split(x);
                    var (logScale, shift) = _prior.ScaleAndShift(a, context);
                    b = (b - shift) * torch.exp(-logScale);
                    a = _rest.Forward(a, context);
                    return Parts.Pack(a, b, _kept, _gone);
                }
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Bijectors))]
    public void Emitted_code_is_as_reviewed(string name, string source)
    {
        var (emitted, diagnostics) = Compilations.Build(source);
        Assert.Empty(diagnostics);
        var verified = Path.Combine(Folder(), $"{name}.verified.cs");
        var received = Path.Combine(Folder(), $"{name}.received.cs");
        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (expected == emitted[0])
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, emitted[0]);
        Assert.Equal(expected, emitted[0]);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Snapshots");
}
