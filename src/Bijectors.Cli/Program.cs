using Bijectors.Cli;
using Bijectors.Training;

MemoryTuning.ForSpeed();
using var interruption = new Interruption();
return Application.Run(args, new Terminal(Console.Out, Console.Error), interruption.Token);
