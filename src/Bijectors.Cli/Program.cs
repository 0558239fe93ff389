using Bijectors.Cli;

NativeTuning.Apply();
using var interruption = new Interruption();
return Application.Run(args, new Terminal(Console.Out, Console.Error), interruption.Token);
