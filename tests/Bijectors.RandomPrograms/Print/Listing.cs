using System.Text;
using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Print;

/// <summary>Programs as C# files.</summary>
internal static class Listing
{
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using Bijectors;
        using Bijectors.RandomPrograms;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        """;

    public static string Of(DrawnProgram program)
    {
        var text = new StringBuilder();
        text.AppendLine(Usings).AppendLine().AppendLine("namespace Drawn;").AppendLine();
        text.AppendLine(program.IsNumerical ? "[GeneratedBijector(Numerical = true)]" : "[GeneratedBijector]");
        text.AppendLine($"public sealed partial class {program.Name} : Bijector, IBody").AppendLine("{");
        foreach (var member in program.Members)
        {
            text.AppendLine("    " + member);
        }

        text.AppendLine($"    public {program.Name}() => RegisterComponents();");
        if (program.EventRank is { } rank)
        {
            text.AppendLine($"    public override int EventRank => {rank};");
        }

        text.AppendLine(
            $"    public Tensor Body(Tensor x, Tensor? context) => Map(x{(program.TakesContext ? ", context" : "")});")
            .AppendLine();
        text.AppendLine("    [Forward]");
        text.AppendLine($"    private Tensor Map(Tensor x{(program.TakesContext ? ", Tensor? context" : "")})");
        Block(text, program.Body, "    ");
        return text.AppendLine("}").ToString();
    }

    /// <summary>How many statements a program has.</summary>
    public static int Length(DrawnProgram program) => Statement.All(program.Body).Count();

    private static void Block(StringBuilder text, IReadOnlyList<Statement> block, string indent)
    {
        text.AppendLine(indent + "{");
        foreach (var statement in block)
        {
            Write(text, statement, indent + "    ");
        }

        text.AppendLine(indent + "}");
    }

    private static void Write(StringBuilder text, Statement statement, string indent)
    {
        switch (statement)
        {
            case Assign assign:
                var declaration =
                    assign.Declares switch { Declares.Var => "var ", Declares.Typed => "Tensor ", _ => "" };
                text.AppendLine($"{indent}{declaration}{assign.Target} = {Code.Of(assign.Value)};");
                break;
            case TakeApart apart:
                var typed = apart.Targets.Any(t => t.Contains(' '));
                text.AppendLine(
                    $"{indent}{(apart.Declares && !typed ? "var " : "")}({string.Join(", ", apart.Targets)}) "
                    + $"= {Code.Of(apart.Value)};");
                break;
            case Loop loop:
                text.AppendLine(indent + loop.Head);
                Block(text, loop.Body, indent);
                break;
            case Branch branch:
                text.AppendLine($"{indent}if ({branch.Condition})");
                Block(text, branch.Then, indent);
                if (branch.Else is { } other)
                {
                    text.AppendLine(indent + "else");
                    Block(text, other, indent);
                }

                break;
            case Return { Value: var value }:
                text.AppendLine($"{indent}return {Code.Of(value)};");
                break;
            case Foreign foreign:
                text.AppendLine(indent + foreign.Text);
                break;
        }
    }
}
