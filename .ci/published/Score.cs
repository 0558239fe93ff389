using Bijectors;
using TorchSharp;
using static TorchSharp.torch;

// Scores rows of two numbers by a saved flow, and draws some.
set_num_threads(1);
using var flow = Flow.Load(args[0]);
using var points = linspace(-1, 1, 40).reshape(20, 2);
using var scores = flow.LogProb(points);
using var generator = new Generator(5);
using var samples = flow.Sample(10, generator: generator);
foreach (var number in scores.data<float>().Concat(samples.data<float>()))
{
    Console.WriteLine($"{number:R}");
}
