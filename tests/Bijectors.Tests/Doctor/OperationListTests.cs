using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Doctor;

/// <summary>
/// The list of operations is complete: what we call of torch has a row, or stands in the list of what does not
/// calculate.
/// </summary>
public class OperationListTests
{
    // For networks that users write; our layers need not call them.
    private static readonly string[] s_forUsers = ["nn.functional.conv2d", "linalg.solve"];

    private static readonly IReadOnlyDictionary<string, string> s_calls = OurCalls.Names();

    [Fact]
    public void Each_operation_that_we_call_has_a_row()
    {
        var missing = s_calls
            .Where(call => !TorchCheck.Operations.Contains(call.Key) && !NotCalculating.Contains(call.Key))
            .Select(call => $"{call.Key} (called in {call.Value})").Order().ToList();
        Assert.True(
            missing.Count == 0,
            "Expected a row in src/Bijectors.Testing/Doctor/Table, or a word in NotCalculating, for "
            + $"{string.Join("; ", missing)}.");
    }

    [Fact]
    public void Each_row_is_of_an_operation_that_we_call_or_that_users_need()
    {
        var idle = TorchCheck.Operations.Except(s_calls.Keys).Except(s_forUsers).ToList();
        Assert.True(idle.Count == 0, $"Expected a call of {string.Join(", ", idle)} somewhere, or no row.");
    }

    [Fact]
    public void Nothing_is_both_an_operation_and_not_calculating() =>
        Assert.DoesNotContain(TorchCheck.Operations, NotCalculating.Contains);

    [Fact]
    public void What_does_not_calculate_is_called()
    {
        var idle = NotCalculating.Names.Where(name => !name.EndsWith('*') && !s_calls.ContainsKey(name)).ToList();
        Assert.True(idle.Count == 0, $"Expected a call of {string.Join(", ", idle)}, or no word in NotCalculating.");
    }

    [Fact]
    public void A_call_that_has_no_row_is_found()
    {
        var here = typeof(OperationListTests);
        var calls = CalledMembers.Of(here.Assembly.Location, (space, _) => space == here.Namespace);
        Assert.Contains(("torch.Tensor", "kron"), calls);
        Assert.Contains(("torch.linalg", "matrix_exp"), calls);
        Assert.False(NotCalculating.Contains("kron") || TorchCheck.Operations.Contains("kron"));

        static Tensor Unlisted(Tensor x) => Map(torch.linalg.matrix_exp, x.kron(x));

        static Tensor Map(Func<Tensor, Tensor> map, Tensor x) => map(x);

        Assert.NotNull((Func<Tensor, Tensor>)Unlisted);
    }

    [Fact]
    public void The_scan_sees_calls_delegates_and_generated_code()
    {
        Assert.Contains("Bijectors.Core", s_calls["linalg.slogdet"]);
        Assert.Contains("generated code", s_calls["tanh"]);
        Assert.Contains("templates", s_calls["nn.functional.selu"]);
    }
}
