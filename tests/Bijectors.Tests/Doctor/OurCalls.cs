using System.Text.RegularExpressions;
using Bijectors.Cli;
using Bijectors.Data;
using Bijectors.Kernels;
using Bijectors.Testing;
using Bijectors.Testing.FsCheck;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Tests.Doctor;

/// <summary>
/// The members of TorchSharp that this library calls, and that the code it generates calls, by the names that rows
/// have.
/// </summary>
internal static class OurCalls
{
    private const string OfDoctor = "Bijectors.Testing.Doctor";

    private static readonly Type[] s_libraries =
    [
        typeof(Bijector), typeof(Application), typeof(Dataset), typeof(BijectorLaws), typeof(Arbitraries),
        typeof(TensorMemory), typeof(Trainer), typeof(Models),
    ];

    // Namespaces of functions; what else has members that calculate is not used, or stands in the list of what does
    // not calculate.
    private static readonly Dictionary<string, string> s_prefixes = new()
    {
        ["torch"] = "", ["torch.Tensor"] = "", ["torch.nn.functional"] = "nn.functional.", ["torch.linalg"] = "linalg.",
        ["torch.special"] = "special.",
    };

    private static readonly Dictionary<string, string> s_names = new()
    {
        ["op_Addition"] = "operator +", ["op_Subtraction"] = "operator -", ["op_Multiply"] = "operator *",
        ["op_Division"] = "operator /", ["op_Modulus"] = "operator %", ["op_UnaryNegation"] = "operator -x",
        ["op_OnesComplement"] = "operator ~", ["op_BitwiseAnd"] = "operator &", ["op_BitwiseOr"] = "operator |",
        ["op_LessThan"] = "operator <", ["op_LessThanOrEqual"] = "operator <=", ["op_GreaterThan"] = "operator >",
        ["op_GreaterThanOrEqual"] = "operator >=", ["op_Equality"] = "operator ==", ["get_TensorItems"] = "operator []",
        ["get_mT"] = "mT",
    };

    /// <summary>All of them, with where they are called.</summary>
    public static IReadOnlyDictionary<string, string> Names() =>
        Libraries().Concat(GeneratedInTests()).Concat(Templates()).Distinct()
            .GroupBy(call => call.Name, call => call.Where)
            .ToDictionary(calls => calls.Key, calls => string.Join(", ", calls));

    private static IEnumerable<(string Name, string Where)> Libraries() => s_libraries.SelectMany(type =>
        Named(type, (space, _) => space != OfDoctor, type.Assembly.GetName().Name!));

    private static IEnumerable<(string Name, string Where)> GeneratedInTests() =>
        Named(typeof(OurCalls), (_, marks) => marks.Contains(nameof(GeneratedBijectorAttribute)), "generated code");

    private static IEnumerable<(string Name, string Where)> Named(
        Type type, Func<string, IReadOnlyList<string>, bool> counts, string where) =>
        CalledMembers.Of(type.Assembly.Location, counts).Select(call => (Name(call.Type, call.Member), where));

    /// <summary>
    /// What the generator writes, from the templates in its source: not every map is generated in a test.
    /// </summary>
    private static IEnumerable<(string Name, string Where)> Templates()
    {
        var folder = Path.Combine(Repository.Root, "src", "Bijectors.Generators");
        var table = File.ReadAllText(Path.Combine(folder, "Language", "Primitives.cs"));
        var overwriting = File.ReadAllText(Path.Combine(folder, "Emit", "Overwriting.cs"));
        var functions = Regex.Match(overwriting, @"s_functions =\s*\[(.*?)\]", RegexOptions.Singleline).Groups[1].Value;
        return Regex.Matches(table, @"torch\.([a-z0-9_.]+)\(").Select(match => match.Groups[1].Value)
            .Concat(Regex.Matches(table, @"\{[xyk]\}\.([a-z0-9_]+)\(").Select(match => match.Groups[1].Value))
            .Concat(Regex.Matches(overwriting, @"""\.([a-z0-9_]+)\(").Select(match => match.Groups[1].Value))
            .Concat(Regex.Matches(functions, @"""([a-z0-9]+)""").Select(match => match.Groups[1].Value + "_"))
            .Select(name => (name, "the generator's templates"));
    }

    private static string Name(string type, string member) => s_prefixes.TryGetValue(type, out var prefix)
        ? prefix + (s_names.TryGetValue(member, out var name) ? name : member)
        : $"{type}.{member}";
}
