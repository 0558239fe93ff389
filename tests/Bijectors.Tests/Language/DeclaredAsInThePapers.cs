using Bijectors.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>Layers of papers, each declared by its equation and held to every law.</summary>
public class DeclaredAsInThePapers
{
    private static readonly Shape s_four = Shape.Vector(4);

    public static TheoryData<string> All => [.. Layers().Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Obeys_every_law(string name)
    {
        var (_, factory, shape) = Layers().Single(layer => layer.Name == name);
        BijectorLaws.Check(() => factory(new Generator(7)), shape);
    }

    private static (string Name, Func<Generator, Bijector> Factory, Shape Shape)[] Layers() =>
    [
        ("LU", g => new LuMap(4, g), s_four),
        ("Householder", g => new Householder(4, 3, g), s_four),
        ("Cayley", g => new CayleyRotation(4, g), s_four),
        ("planar", g => new PlanarMap(4, g), s_four),
        ("radial", g => new RadialMap(4, g), s_four),
        ("Sylvester", g => new SylvesterMap(4, 2, g), s_four),
        ("Haar", _ => new HaarMap(), s_four),
        ("circular shift", g => new CircularShift(4, g), s_four),
        ("cumulative sum", _ => new CumulativeSum(), s_four),
        ("stick breaking", _ => new BrokenStick(), s_four),
    ];

    internal static Parameter Random(Generator generator, params long[] sizes) =>
        new(randn(sizes, generator: generator).DetachFromDisposeScope());
}

/// <summary>
/// A linear map with a weight in two triangular factors: <c>y = x L U + t</c> (Kingma and Dhariwal 2018, arXiv
/// 1807.03039, eq. 10).
/// </summary>
[GeneratedBijector]
public sealed partial class LuMap : Bijector
{
    private readonly Parameter w;
    private readonly Parameter s;
    private readonly Parameter t;

    public LuMap(long size, Generator generator)
    {
        (w, s, t) = (DeclaredAsInThePapers.Random(generator, size, size), DeclaredAsInThePapers.Random(generator, size),
            DeclaredAsInThePapers.Random(generator, size));
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var l = torch.tril(w, -1) + torch.eye(4);
        var u = torch.triu(w, 1) + torch.diag_embed(torch.exp(s));
        return torch.matmul(x, torch.matmul(l, u)) + t;
    }
}

/// <summary>
/// Reflections one after another: <c>y = x - 2 v (v.x)/(v.v)</c> (Tomczak and Welling 2016, arXiv 1611.09630, eq. 12).
/// </summary>
[GeneratedBijector]
public sealed partial class Householder : Bijector
{
    private readonly ParameterList vectors = [];

    public Householder(long size, int count, Generator generator)
    {
        for (var i = 0; i < count; i++)
        {
            vectors.Add(DeclaredAsInThePapers.Random(generator, size));
        }

        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        foreach (var v in vectors)
        {
            x = x - 2 * torch.matmul(x, v).unsqueeze(-1) * v / torch.dot(v, v);
        }

        return x;
    }
}

/// <summary>A rotation by a skew-symmetric matrix: <c>y = x (I + A)^-1 (I - A)</c> (Cayley 1846).</summary>
[GeneratedBijector]
public sealed partial class CayleyRotation : Bijector
{
    private readonly Parameter w;

    public CayleyRotation(long size, Generator generator)
    {
        w = DeclaredAsInThePapers.Random(generator, size, size);
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (one, a) = (torch.eye(4), w - w.mT);
        return torch.matmul(x, torch.linalg.solve(one + a, one - a));
    }
}

/// <summary><c>y = x + u tanh(w.x + b)</c> (Rezende and Mohamed 2015, arXiv 1505.05770, eq. 10).</summary>
[GeneratedBijector]
public sealed partial class PlanarMap : Bijector
{
    private readonly Parameter u;
    private readonly Parameter w;
    private readonly Parameter b;

    public PlanarMap(long size, Generator generator)
    {
        (u, w, b) = (DeclaredAsInThePapers.Random(generator, size), DeclaredAsInThePapers.Random(generator, size),
            DeclaredAsInThePapers.Random(generator, 1));
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x) => x + LowRank.Constrained(u, w) * torch.tanh((x * w).sum(-1, keepdim: true) + b);
}

/// <summary><c>y = x + beta (x - c)/(alpha + |x - c|)</c> (Rezende and Mohamed 2015, eq. 14).</summary>
[GeneratedBijector]
public sealed partial class RadialMap : Bijector
{
    private readonly Parameter c;
    private readonly Parameter a;
    private readonly Parameter k;

    public RadialMap(long size, Generator generator)
    {
        (c, a, k) = (DeclaredAsInThePapers.Random(generator, size), DeclaredAsInThePapers.Random(generator, 1),
            DeclaredAsInThePapers.Random(generator, 1));
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var alpha = torch.exp(a);
        var beta = nn.functional.softplus(k) - alpha;
        return x + beta * (x - c) / (alpha + torch.norm(x - c, -1, true));
    }
}

/// <summary>
/// <c>y = x + Q R1 tanh(R2 Q'x + b)</c> (van den Berg et al. 2018, arXiv 1803.05649, eq. 13), for rows x.
/// </summary>
[GeneratedBijector]
public sealed partial class SylvesterMap : Bijector
{
    private readonly Parameter w;
    private readonly Parameter upper;
    private readonly Parameter s;
    private readonly Parameter b;

    public SylvesterMap(long size, long columns, Generator generator)
    {
        (w, upper) = (DeclaredAsInThePapers.Random(generator, size, columns),
            DeclaredAsInThePapers.Random(generator, columns, columns));
        (s, b) = (DeclaredAsInThePapers.Random(generator, columns), DeclaredAsInThePapers.Random(generator, columns));
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (q, _) = torch.linalg.qr(w);
        var r1 = torch.triu(upper, 1) + torch.diag_embed(torch.exp(s));
        var r2 = torch.triu(upper.mT, 1) + torch.diag_embed(torch.exp(-s));
        return x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.mT)) + b), torch.matmul(r1.mT, q.mT));
    }
}

/// <summary>Means and differences of two halves (Haar 1910; Yu et al. 2020, Wavelet Flow, arXiv 2010.13821).</summary>
[GeneratedBijector]
public sealed partial class HaarMap : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private static Tensor Map(Tensor x)
    {
        var (a, b) = Partition.Alternating().Split(x);
        (a, b) = ((a + b) / Math.Sqrt(2), (a - b) / Math.Sqrt(2));
        return Parts.Join(a, b);
    }
}

/// <summary>
/// The interval (-3, 3) as a circle that is turned: <c>y = (x + 3 + s) mod 6 - 3</c> (Rezende et al. 2020, arXiv
/// 2002.02428, section 2.2).
/// </summary>
[GeneratedBijector]
public sealed partial class CircularShift : Bijector
{
    private readonly Parameter s;

    public CircularShift(long size, Generator generator)
    {
        s = DeclaredAsInThePapers.Random(generator, size);
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x) => torch.remainder(x + 3 + s, 6) - 3;
}

/// <summary><c>y_i = x_1 + ... + x_i</c>.</summary>
[GeneratedBijector]
public sealed partial class CumulativeSum : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private static Tensor Map(Tensor x) => torch.cumsum(x, -1);
}

/// <summary>Probabilities from any vectors, equal ones from zeros (Stan Reference Manual, "Unit simplex").</summary>
[GeneratedBijector]
public sealed partial class BrokenStick : Bijector
{
    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var piecesBehind = torch.arange(x.size(-1), 0, -1, x.dtype, x.device);
        return Stick.Pieces(x - torch.log(piecesBehind));   // one entry more, onto the simplex
    }
}
