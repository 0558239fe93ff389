using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Sampling;

/// <summary>
/// The inverse of a triangular convolution on 3 x 32 x 32, on one thread or as many as asked for, against its forward
/// pass and against a plain loop over the pixels by operations of torch.
/// </summary>
internal static class TriangularInverse
{
    private const int WarmUp = 2;
    private const int Count = 9;

    private const string Forward = "forward";
    private const string Inverse = "inverse";
    private const string Backward = "inverse with gradients";
    private const string Loop = "inverse, torch pixel by pixel";

    /// <summary>Prints the medians for each size.</summary>
    public static void Run(int threads)
    {
        set_num_threads(threads);
        foreach (var (batch, channels, side) in ((long, long, long)[])[(1, 3, 32), (64, 3, 32), (64, 12, 16)])
        {
            Measure(batch, channels, side, threads);
        }
    }

    private static void Measure(long batch, long channels, long side, int threads)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        var filters = new TriangularFilters(3, Corner.TopLeft, PixelWindow.Quadrant);
        var layer = new TriangularConvolution(channels, generator);
        var taps = layer.parameters().Single(parameter => parameter.dim() == 3);
        using (no_grad())
        {
            taps.add_(randn(taps.shape, generator: generator), alpha: 0.02);
        }

        var y = randn([batch, channels, side, side], generator: generator);
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            using var inner = NewDisposeScope();
            using (no_grad())
            {
                rounds.Time(Forward, () => layer.ForwardWithLogDet(y));
                var x = rounds.Time(Inverse, () => layer.InverseWithLogDet(y).X);
                var plain = rounds.Time(Loop, () => PixelByPixel(y, taps, filters.Kernel));
                var solved = filters.Solve(y, taps);
                if (!(solved - plain).abs().max().less(1e-3).item<bool>())
                {
                    throw new InvalidOperationException("The loop does not solve the same equation.");
                }
            }

            rounds.Time(Backward, () =>
            {
                layer.Inverse(y).sum().backward();
                return 0;
            });
        }

        Console.WriteLine($"{channels} x {side} x {side}, 3 x 3, batch {batch}, float32, {threads} "
            + $"thread{(threads == 1 ? "" : "s")}, {Count} rounds");
        rounds.Print();
        Console.WriteLine($"inverse / forward {rounds[Inverse].Elapsed / rounds[Forward].Elapsed:F1}; "
            + $"loop / inverse {rounds[Loop].Elapsed / rounds[Inverse].Elapsed:F0}");
        Console.WriteLine();
    }

    /// <summary>One product for each pixel: all its taps at once.</summary>
    private static Tensor PixelByPixel(Tensor y, Tensor taps, int kernel)
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = (y.size(0), y.size(1), y.size(2), y.size(3));
        var (before, size) = (kernel - 1, kernel * kernel);
        var x = zeros([count, channels, height + before, width + before]);

        // The window ends in the pixel itself, whose own matrix is left out.
        var window = cat([taps.flip(0), zeros([1, channels, channels])], 0).permute(1, 2, 0)
            .reshape(channels, channels * size);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                using var inner = NewDisposeScope();
                var seen = x.narrow(2, row, kernel).narrow(3, column, kernel).reshape(count, channels * size);
                var solved = y.select(3, column).select(2, row) - seen.mm(window.mT);
                x.select(3, column + before).select(2, row + before).copy_(solved);
            }
        }

        return x.narrow(2, before, height).narrow(3, before, width).clone().MoveToOuterDisposeScope();
    }
}
