using System.Text.Json;
using System.Text.Json.Nodes;
using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>What torch gets wrong on a machine, for people and for programs.</summary>
internal static class DoctorReport
{
    private const int NameWidth = 18;

    /// <summary>The machine, how much was asked, and what is wrong.</summary>
    public static JsonObject Json(IEnumerable<(string Name, string Value)> machine, TorchCheckReport report)
    {
        var facts = machine.Select(fact => KeyValuePair.Create(fact.Name.Replace(' ', '_'), (JsonNode?)fact.Value));
        return new JsonObject
        {
            ["machine"] = new JsonObject(facts),
            ["operations"] = report.Operations,
            ["checks"] = report.Checks,
            ["wrong"] = new JsonArray([.. report.Wrong.Select(Json)]),
        };
    }

    public static void Print(Terminal terminal, IEnumerable<(string Name, string Value)> machine)
    {
        foreach (var (name, value) in machine)
        {
            terminal.Line($"{name.PadRight(NameWidth)}{value}");
        }

        terminal.Line("");
    }

    public static void Print(Terminal terminal, TorchCheckReport report)
    {
        foreach (var wrong in report.Wrong)
        {
            terminal.Line(wrong.ToString());
        }

        foreach (var consequence in report.Wrong.GroupBy(wrong => wrong.Consequence))
        {
            terminal.Line("");
            terminal.Line($"What follows from {string.Join(", ", consequence.Select(wrong => wrong.Operation))}:");
            terminal.Line($"  {consequence.Key}");
        }

        if (!report.IsRight)
        {
            terminal.Line("");
        }

        var verdict = report.IsRight ? "all right" : "NOT all right";
        terminal.Line($"{report.Operations} operations of torch, {Numbers.Count(report.Checks)} checks: {verdict}.");
    }

    private static JsonNode Json(WrongOperation wrong) => JsonSerializer.SerializeToNode(new
    {
        operation = wrong.Operation,
        what = wrong.What,
        wrong = wrong.Wrong,
        checks = wrong.Checks,
        example = wrong.Example,
        consequence = wrong.Consequence,
    })!;
}
