using System.Text.Json.Nodes;
using Bijectors.Testing;

namespace Bijectors.Cli;

/// <summary>What <c>doctor</c> finds: the machine, and what torch gets wrong on it.</summary>
internal sealed record DoctorResult(IReadOnlyList<(string Name, string Value)> Machine, TorchCheckReport Report)
    : CommandResult
{
    public override ExitCode ExitCode => Report.IsRight ? ExitCode.Success : ExitCode.Failure;

    public override string? Complaint => Report.IsRight ? null
        : Report.Wrong.Count > 0
            ? $"torch is wrong on this machine: {string.Join(", ", Report.Wrong.Select(wrong => wrong.Operation))}."
        : "TorchSharp lets the collector free what torch reads; build the application with "
            + "TorchSharpKeepAlive.targets.";

    public override JsonObject ToJson() => DoctorReport.Json(Machine, Report);

    public override void Print(Terminal terminal)
    {
        DoctorReport.Print(terminal, Machine);
        DoctorReport.Print(terminal, Report);
    }
}
