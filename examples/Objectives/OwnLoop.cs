using Bijectors;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>A loop of one's own, from the parts that the trainer is made of, which a killed process takes up
/// again.</summary>
public static class OwnLoop
{
    public static void Train(Flow flow, Objective objective, BatchSource source, long steps, string path)
    {
        using var adam = new FlatAdam(flow);
        using var average = new WeightAverage(adam, decay: 0.99);
        using var batches = source.Open(seed: 0);
        using var noise = new Generator(1);
        var schedule = Schedule.Cosine(warmup: 20);
        var checkpoint = new Checkpoint(
            path,
            [("steps", $"{steps}")],
            ("flow", Checkpoint.Part(flow)), ("adam", adam), ("average", average),
            ("batches", batches), ("noise", Checkpoint.Part(noise)));
        checkpoint.Load();                                              // continues where there is a file

        while (adam.Steps < steps)
        {
            using var step = NewDisposeScope();
            var rate = schedule.Rate(1e-2, new(adam.Steps, (double)adam.Steps / steps, []));
            adam.ZeroGradients();
            BackwardPass.Run(objective.Loss(batches.Next(), noise) / objective.Dimensions);
            adam.ClipGradients(maxNorm: 1);
            adam.Step(rate);
            average.Update();
            if (adam.Steps % 100 == 0)
            {
                checkpoint.Save();                                      // whole or not at all
            }
        }

        average.Enter();                                                // the averaged weights are kept
    }
}
