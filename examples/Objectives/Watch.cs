using Bijectors.Training;

/// <summary>Prints every hundredth step, and stops where the gradient has become small.</summary>
public sealed class Watch(double least) : TrainingCallback
{
    public override void AfterStep(TrainingMoment now)
    {
        if (now.Step % 100 == 0)
        {
            Console.WriteLine($"step {now.Step}: loss {now.Loss:f3}, gradient {now.GradientNorm:g3}");
        }

        if (now.GradientNorm < least)
        {
            now.Stop();
        }
    }
}
