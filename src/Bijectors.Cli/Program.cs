using Bijectors.Cli;
using Bijectors.Distributed;
using Bijectors.Training;

MemoryTuning.ForSpeed();
Console.SetOut(new LastingWriter(Console.Out));
Console.SetError(new LastingWriter(Console.Error));
using var interruption = new Interruption();
try
{
    return MpiJob.Run(ranks => Application.Run(
        args,
        ranks.IsFirst
            ? new Terminal(Console.Out, Console.Error, isOwn: ranks.Size == 1)
            : new Terminal(TextWriter.Null, TextWriter.Null),
        interruption.Token,
        ranks));
}
catch (MpiException exception)
{
    return new Terminal(Console.Out, Console.Error).Fail(ExitCode.Failure, exception.Message);
}
