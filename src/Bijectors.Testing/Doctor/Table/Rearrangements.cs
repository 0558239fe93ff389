using static Bijectors.Testing.Doctor.Row;

namespace Bijectors.Testing.Doctor;

/// <summary>Operations that put numbers elsewhere, and views.</summary>
internal static class Rearrangements
{
    private const string Vectors = "1, 3, 5, 17, 33";
    private const string Matrices = "1x1, 1x3, 3x5, 17x9, 33x17, 5x8009";
    private const string Blocks = "1x3x5, 3x5x7, 5x17x3, 2x33x17";
    private const string Images = "1x1x4x4, 2x3x4x6, 3x5x8x2";

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        Of("transpose", Blocks, x => x.transpose(0, 2), x => Moved(x, [2, 1, 0])),
        Of("mT", Blocks, x => x.mT, x => Moved(x, [0, 2, 1])),
        Of("permute", Blocks, x => x.permute(2, 0, 1), x => Moved(x, [2, 0, 1])),
        Of("permute: of images", Images, x => x.permute(0, 2, 3, 1).contiguous(), x => Moved(x, [0, 2, 3, 1])),
        Of("movedim", Blocks, x => movedim(x, 0, -1), x => Moved(x, [1, 2, 0])),
        Of("contiguous", Blocks, x => x.transpose(0, 2).contiguous(), x => Moved(x, [2, 1, 0])),
        Of("clone", Matrices, x => x.clone(), x => x),
        Of("complex", Matrices, x => complex(zeros_like(x), x).imag.clone(), x => x),
        Of("conj", Matrices, x => complex(zeros_like(x), -x).conj().imag.clone(), x => x),
        Of("get_imag", Matrices, x => complex(-x, x).imag.clone(), x => x),
        Of("resolve_neg", Matrices, x => complex(x, -x).conj().imag.resolve_neg(), x => x),
        Of("to: dtype", Matrices, x => x.to(x.dtype == ScalarType.Float32 ? ScalarType.Float64 : ScalarType.Float32),
            x => x),
        Of("to: of conditions", Matrices, x => x.to(ScalarType.Float32), x => x, Draw.Flags),
        Of("to: of whole numbers", Matrices, x => x.to(ScalarType.Float64), x => x, Draw.Whole),
        Of("reshape", Blocks, x => x.reshape(-1, x.shape[0]),
            x => new([x.Shape[1] * x.Shape[2], x.Shape[0]], x.Values)),
        Of("flatten", Blocks, x => x.flatten(1), x => new([x.Shape[0], x.Shape[1] * x.Shape[2]], x.Values)),
        Of("unflatten", "6x5, 2x17, 8x3", x => x.unflatten(0, [x.shape[0] / 2, 2]),
            x => new([x.Shape[0] / 2, 2, x.Shape[1]], x.Values)),
        Of("view", Blocks, x => x.contiguous().view(-1, x.shape[2]),
            x => new([x.Shape[0] * x.Shape[1], x.Shape[2]], x.Values)),
        Of("view_as", "15 3x5, 153 17x9", (a, b) => a.contiguous().view_as(b), (a, b) => new(b.Shape, a.Values)),
        Of("squeeze", "3x1x5, 17x1x9", x => x.squeeze(1), x => new([x.Shape[0], x.Shape[2]], x.Values)),
        Of("unsqueeze", Matrices, x => x.unsqueeze(1), x => new([x.Shape[0], 1, x.Shape[1]], x.Values)),
        Of("expand", "3x1, 17x1, 1x1", x => x.expand(-1, 5), x => RealArray.Of([x.Shape[0], 5], at => x[at[0], 0])),
        Of("expand_as", "3x1 3x5, 17 9x17", (a, b) => a.expand_as(b), (a, b) => a.Map(b, (p, _) => p)),
        Many("broadcast_tensors", "3x1 1x5, 17 9x17", x => [.. broadcast_tensors(x[0], x[1])],
            x => [x[0].Map(x[1], (p, _) => p), x[0].Map(x[1], (_, q) => q)]),
        Of("repeat", Matrices, x => x.repeat(2, 3),
            x => RealArray.Of([2 * x.Shape[0], 3 * x.Shape[1]], at => x[at[0] % x.Shape[0], at[1] % x.Shape[1]])),
        Of("repeat_interleave", Matrices, x => x.repeat_interleave(3, 1),
            x => RealArray.Of([x.Shape[0], 3 * x.Shape[1]], at => x[at[0], at[1] / 3])),
        Of("narrow", Blocks, x => x.narrow(1, 1, x.shape[1] - 1),
            x => RealArray.Of([x.Shape[0], x.Shape[1] - 1, x.Shape[2]], at => x[at[0], at[1] + 1, at[2]])),
        Of("slice", "1x5, 3x7, 5x17, 3x33", x => x.slice(1, 1, x.shape[1], 2),
            x => RealArray.Of([x.Shape[0], x.Shape[1] / 2], at => x[at[0], (2 * at[1]) + 1])),
        Of("select", Blocks, x => x.select(1, 2),
            x => RealArray.Of([x.Shape[0], x.Shape[2]], at => x[at[0], 2, at[1]])),
        Of("operator []", Blocks, x => x[TensorIndex.Ellipsis, 1],
            x => RealArray.Of([x.Shape[0], x.Shape[1]], at => x[at[0], at[1], 1])),
        Of("diagonal", "3x3x5, 5x5x2, 17x17x3", x => x.diagonal(0, 0, 1),
            x => RealArray.Of([x.Shape[2], x.Shape[0]], at => x[at[1], at[1], at[0]])),
        Of("diag", Vectors, x => x.diag(),
            x => RealArray.Of([x.Shape[0], x.Shape[0]], at => at[0] == at[1] ? x[at[0]] : 0)),
        Of("tril", Matrices, x => x.tril(-1), x => RealArray.Of(x.Shape, at => at[1] < at[0] ? x[at] : 0)),
        Of("triu", Matrices, x => x.triu(1), x => RealArray.Of(x.Shape, at => at[1] > at[0] ? x[at] : 0)),
        Of("flip", Blocks, x => x.flip(1), x => Flipped(x, 1)),
        Of("roll", Blocks, x => x.roll(2, 1),
            x => x.Moved(x.Shape, at => [at[0], (at[1] + (2 * x.Shape[1]) - 2) % x.Shape[1], at[2]])),
        Of("cat", "3x5 3x2 3x1, 17x9 17x33 17x5, 5x8009 5x3 5x8009", (a, b, c) => cat([a, b, c], 1),
            (a, b, c) => Joined([a, b, c])),
        Of("stack", "3x5 3x5, 17x9 17x9, 33x17 33x17", (a, b) => stack([a, b], 1),
            (a, b) => RealArray.Of([a.Shape[0], 2, a.Shape[1]], at => (at[1] == 0 ? a : b)[at[0], at[2]])),
        Many("split", "3x5, 17x9, 33x17, 5x8009", x => x[0].split([2, x[0].shape[1] - 2], 1),
            x => Halves(x[0], 2)),
        Many("chunk", "3x4, 3x5, 17x9, 33x17", x => x[0].chunk(2, 1),
            x => Halves(x[0], (x[0].Shape[1] + 1) / 2)),
        Of("nn.functional.pad", Matrices, x => nn.functional.pad(x, (1, 2), value: 0.5),
            x => RealArray.Of([x.Shape[0], x.Shape[1] + 3],
                at => at[1] > 0 && at[1] <= x.Shape[1] ? x[at[0], at[1] - 1] : 0.5)),
        Of("nn.functional.pixel_unshuffle", Images, x => nn.functional.pixel_unshuffle(x, 2),
            x => x.Moved([x.Shape[0], 4 * x.Shape[1], x.Shape[2] / 2, x.Shape[3] / 2],
                at => [at[0], at[1] / 4, (2 * at[2]) + (at[1] / 2 % 2), (2 * at[3]) + (at[1] % 2)])),
        Of("nn.functional.pixel_shuffle", "1x4x1x1, 2x8x3x5, 1x12x5x2", x => nn.functional.pixel_shuffle(x, 2),
            x => x.Moved([x.Shape[0], x.Shape[1] / 4, 2 * x.Shape[2], 2 * x.Shape[3]],
                at => [at[0], (4 * at[1]) + (2 * (at[2] % 2)) + (at[3] % 2), at[2] / 2, at[3] / 2])),
        Of("ones", Matrices, x => ones(x.shape, x.dtype), x => x.Map(_ => 1)),
        Of("zeros", Matrices, x => zeros(x.shape, x.dtype), x => x.Map(_ => 0)),
        Of("full", Matrices, x => full(x.shape, 0.375, x.dtype), x => x.Map(_ => 0.375)),
        Of("ones_like", Matrices, x => ones_like(x), x => x.Map(_ => 1)),
        Of("zeros_like", Matrices, x => zeros_like(x), x => x.Map(_ => 0)),
        Of("full_like", Matrices, x => full_like(x, 0.375), x => x.Map(_ => 0.375)),
        Of("eye", Matrices, x => eye(x.shape[0], x.shape[1], x.dtype),
            x => RealArray.Of(x.Shape, at => at[0] == at[1] ? 1 : 0)),
        Of("arange", Vectors, x => arange(1, x.shape[0] + 1, x.dtype), x => RealArray.Of(x.Shape, at => at[0] + 1)),
        Of("linspace", "3, 5, 17, 33", x => linspace(-3, 4, x.shape[0], x.dtype),
            x => RealArray.Of(x.Shape, at => Real.Constant(-3 + (7.0 * at[0] / (x.Shape[0] - 1)), 7))),
        Of("tensor", Vectors, x => tensor(Layout.Read(x), x.dtype), x => x.Map(entry => entry.Value)),
    ];

    /// <summary>The numbers along one dimension in opposite order.</summary>
    public static RealArray Flipped(RealArray x, int dimension) =>
        x.Moved(x.Shape, at => [.. at.Select((place, d) => d == dimension ? x.Shape[d] - 1 - place : place)]);

    private static RealArray Moved(RealArray x, int[] order)
    {
        var from = Enumerable.Range(0, order.Length).Select(d => Array.IndexOf(order, d)).ToArray();
        return x.Moved([.. order.Select(d => x.Shape[d])], at => [.. from.Select(d => at[d])]);
    }

    private static RealArray Columns(RealArray x, int first, int count) =>
        RealArray.Of([x.Shape[0], count], at => x[at[0], first + at[1]]);

    private static RealArray[] Halves(RealArray x, int first) =>
        [Columns(x, 0, first), Columns(x, first, x.Shape[1] - first)];

    private static RealArray Joined(RealArray[] parts)
    {
        return RealArray.Of([parts[0].Shape[0], parts.Sum(part => part.Shape[1])], At);

        Real At(int[] at)
        {
            var (part, column) = (0, at[1]);
            for (; column >= parts[part].Shape[1]; part++)
            {
                column -= parts[part].Shape[1];
            }

            return parts[part][at[0], column];
        }
    }
}
