using System.Globalization;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Fused;

/// <summary>Networks by the kernels and, of the same weights, by the operations of torch, in one run.</summary>
internal static class FusedNetworks
{
    private const int WarmUp = 100;
    private const int Count = 200;

    /// <summary>Prints the medians and how many times faster the kernels are.</summary>
    /// <param name="threads">How many threads both use.</param>
    public static void Run(int threads = 2)
    {
        set_num_threads(threads);
        Console.WriteLine($"residual networks of 2 blocks, float32, {threads} threads, {Count} rounds");
        foreach (var (rows, inputs, hidden, outputs) in new[] { (256, 1, 64, 2), (256, 32, 128, 64),
            (256, 64, 128, 128), (1024, 16, 256, 32) })
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(0);
            using var net = new ResidualMlp(inputs, outputs, hidden, 2, generator);
            var parameters = net.parameters().ToList();
            Measure(
                $"{rows} x {inputs}-{hidden}-{outputs}",
                randn([rows, inputs], generator: generator),
                parameters,
                x => net.Evaluate(x, null),
                x => Torch(x, parameters));
        }

        Console.WriteLine("networks of three convolutions, 3x3, 1x1, 3x3");
        foreach (var (batch, inputs, hidden, outputs, size) in new[] { (16, 6, 64, 12, 16), (16, 12, 64, 24, 8),
            (64, 2, 32, 4, 4), (4, 6, 512, 12, 16) })
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(0);
            using var net = new ConvNet(inputs, outputs, hidden, generator);
            var parameters = net.parameters().ToList();
            Measure(
                $"{batch} x {size} x {size}, {inputs}-{hidden}-{outputs} channels",
                randn([batch, inputs, size, size], generator: generator),
                parameters,
                x => net.Evaluate(x, null),
                x => TorchConvolutions(x, parameters));
        }
    }

    private static void Measure(
        string name, Tensor x, List<TorchSharp.Modules.Parameter> parameters, Func<Tensor, Tensor> fused,
        Func<Tensor, Tensor> torch)
    {
        var rounds = new Rounds();
        for (var round = 0; round < WarmUp + Count; round++)
        {
            if (round == WarmUp)
            {
                rounds.Forget();
            }

            foreach (var (way, map) in new[] { ("fused", fused), ("torch", torch) })
            {
                rounds.Time($"{name}, forward, {way}", () => Forward(map, x));
                rounds.Time($"{name}, forward and backward, {way}", () => Backward(map, x, parameters));
            }
        }

        rounds.Print();
        Console.WriteLine($"ratio {Ratio("forward")} forward, {Ratio("forward and backward")} forward and backward");
        Console.WriteLine();

        string Ratio(string what) =>
            (rounds[$"{name}, {what}, torch"].Elapsed / rounds[$"{name}, {what}, fused"].Elapsed)
                .ToString("F2", CultureInfo.InvariantCulture);
    }

    private static bool Forward(Func<Tensor, Tensor> map, Tensor x)
    {
        using var leaving = no_grad();
        map(x).Dispose();
        return true;
    }

    private static bool Backward(Func<Tensor, Tensor> map, Tensor x, List<TorchSharp.Modules.Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        var point = x.detach().requires_grad_();
        var result = map(point);
        autograd.backward([result], [result.detach()], inputs: [point, .. parameters]);
        return true;
    }

    /// <summary>The same network; weight and bias of each layer in the order in which they are applied.</summary>
    private static Tensor Torch(Tensor x, List<TorchSharp.Modules.Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        var h = Linear(0, x);
        for (var layer = 1; layer < (parameters.Count / 2) - 1; layer += 2)
        {
            h = h + Linear(layer + 1, Linear(layer, h.relu()).relu());
        }

        return Linear((parameters.Count / 2) - 1, h).MoveToOuterDisposeScope();

        Tensor Linear(int layer, Tensor input) =>
            nn.functional.linear(input, parameters[2 * layer], parameters[(2 * layer) + 1]);
    }

    /// <summary>The same convolutions, with the channels of a pixel side by side, which suits torch best.</summary>
    private static Tensor TorchConvolutions(Tensor x, List<TorchSharp.Modules.Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        var h = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        h = nn.functional.conv2d(h, parameters[0], parameters[1], padding: [1, 1]).relu();
        h = nn.functional.conv2d(h, parameters[2], parameters[3]).relu();
        return nn.functional.conv2d(h, parameters[4], parameters[5], padding: [1, 1]).contiguous()
            .MoveToOuterDisposeScope();
    }
}
