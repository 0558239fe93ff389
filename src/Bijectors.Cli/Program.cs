using Bijectors.Cli;
using Bijectors.Training;

MemoryTuning.ForSpeed();
Console.SetOut(new LastingWriter(Console.Out));
Console.SetError(new LastingWriter(Console.Error));
using var interruption = new Interruption();
return Application.Run(args, new Terminal(Console.Out, Console.Error), interruption.Token);
