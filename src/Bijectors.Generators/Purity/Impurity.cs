using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// What a piece of C# does that keeps it from being a known value, and what to write instead. The table for what stands
/// in a body itself and for what stands in the methods that it calls.
/// </summary>
/// <param name="Does">What it does, as the end of a sentence.</param>
/// <param name="Instead">What to write instead.</param>
/// <param name="Overwrites">Whether all that is wrong is that it writes over a tensor, which may be the code's
/// own.</param>
internal readonly record struct Impurity(string Does, string Instead, bool Overwrites = false)
{
    private const string Once =
        "compute it once, in the constructor, and keep it in a readonly field, or hand it in as the context";
    private const string Outside = "do that outside of the map; what it gives is kept in a readonly field";

    private static readonly Impurity s_random = new("gives another value at every call", Once);
    private static readonly Impurity s_clock = new("reads the clock", Once);
    private static readonly Impurity s_outside = new("reads or writes something outside of the program", Outside);
    private static readonly Impurity s_thread =
        new("depends on what other threads or earlier calls did",
        "compute the value from arguments and readonly fields alone");
    private static readonly Impurity s_settings = new("reads or changes the state of a module or of torch", Outside);

    private static readonly Impurity s_memory = new(
        "depends on where and how an object is kept, or on whether gradients are taken, not on its value",
        "compute the value from entries and shapes alone");
    private static readonly Impurity s_culture = new(
        "depends on the culture of the thread", "name CultureInfo.InvariantCulture");

    /// <summary>Layers that come with weights of their own, which are drawn.</summary>
    private static readonly string[] Weighted =
    [
        "Linear", "Bilinear", "Conv", "Embedding", "LSTM", "GRU", "RNN", "MultiheadAttention", "Transformer",
    ];

    private static readonly Dictionary<string, Impurity> Types = new()
    {
        ["System.Random"] = s_random,
        ["System.Security.Cryptography.RandomNumberGenerator"] = s_random,
        ["System.Diagnostics.Stopwatch"] = s_clock,
        ["System.TimeProvider"] = s_clock,
        ["System.Runtime.CompilerServices.ConditionalWeakTable<TKey, TValue>"] = s_thread,
        ["System.Console"] = s_outside,
        ["System.Environment"] = s_outside,
        ["System.AppContext"] = s_outside,
        ["System.GC"] = s_outside,
        ["System.Diagnostics.Process"] = s_outside,
        ["System.Diagnostics.Trace"] = s_outside,
    };

    private static readonly (string Namespace, Impurity What)[] Namespaces =
    [
        ("System.IO", s_outside), ("System.Net", s_outside), ("System.Data", s_outside), ("System.Threading", s_thread),
    ];

    /// <summary>
    /// What an operation by itself does, whatever its operands are; null where nothing is known to be wrong.
    /// </summary>
    public static Impurity? Of(IOperation op) => op switch
    {
        IInvocationOperation call => OfCall(call),
        IObjectCreationOperation { Constructor: { } constructor } made =>
            OfMember(constructor) ?? (Draws(made.Arguments) ? s_random : null),
        IPropertyReferenceOperation property => OfMember(property.Property),
        IFieldReferenceOperation field => OfMember(field.Field),
        IMethodReferenceOperation method => OfMember(method.Method),
        _ => null,
    };

    /// <summary>Whether a call of torch writes its result over one of its arguments.</summary>
    public static bool IsInPlace(IInvocationOperation call) =>
        IsTorch(call.TargetMethod)
        && (call.TargetMethod.Name.EndsWith("_", StringComparison.Ordinal)
            || (call.TargetMethod.Name == "Dispose" && Operations.IsTensor(call.Instance?.Type))
            || call.Arguments.Any(a => a.Parameter is { Name: "inplace" } && !IsFalse(a.Value)));

    /// <summary>The tensor that a call of torch writes over; null where there is none.</summary>
    public static IOperation? WrittenOver(IInvocationOperation call) =>
        IsTorch(call.TargetMethod) && call.Arguments.FirstOrDefault(IsResult) is { } target ? target.Value
        : IsInPlace(call)
            ? call.Instance ?? call.Arguments.FirstOrDefault(a => Operations.IsTensor(a.Value.Type))?.Value
        : null;

    private static Impurity? OfCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (OfMember(method) is { } known)
        {
            return known;
        }

        if (IsOfCulture(call))
        {
            return s_culture;
        }

        if (Draws(call.Arguments) || DropsOut(call)
            || (method.ContainingType.IsNamed("TorchSharp.torch.nn") && IsWeighted(method.Name)))
        {
            return s_random;
        }

        return IsInPlace(call) ? new("changes a tensor in place", NotInPlace(method), Overwrites: true)
            : WrittenOver(call) is not null
                ? new("writes over the tensor in 'out'", "use the tensor that it returns, without 'out'",
                Overwrites: true)
            : null;
    }

    private static Impurity? OfMember(ISymbol member)
    {
        var type = member.ContainingType;
        if (type is null)
        {
            return null;
        }

        if (IsTorch(member))
        {
            return KnownFunctions.IsRandom(member.Name)
                || (member is IMethodSymbol { MethodKind: MethodKind.Constructor } && IsWeighted(type.Name)) ? s_random
                : ChangesState(member) ? s_settings
                : IsOfMemory(member) ? s_memory
                : null;
        }

        var name = type.OriginalDefinition.ToDisplayString();
        return Types.TryGetValue(name, out var what)
            && member.Name is not ("NewLine" or "ProcessorCount" or "KeepAlive") ? what
            : member.Name == "GetHashCode" && name is "object" or "System.Runtime.CompilerServices.RuntimeHelpers"
                ? s_memory
            : member.Name is "Now" or "UtcNow" or "Today" && name is "System.DateTime" or "System.DateTimeOffset"
                ? s_clock
            : member.Name is "NewGuid" or "CreateVersion7" && name == "System.Guid" ? s_random
            : member.Name is "CurrentCulture" or "CurrentUICulture" && name == "System.Globalization.CultureInfo"
                ? s_thread
            : Namespaces.FirstOrDefault(n =>
                type.ContainingNamespace.IsInside(n.Namespace)) is { Namespace: not null } found ? found.What
            : null;
    }

    /// <summary>
    /// Whether what is called draws from a generator that it is given, or from torch's own where that is left out. What
    /// has source is read.
    /// </summary>
    private static bool Draws(IEnumerable<IArgumentOperation> arguments) =>
        arguments.Select(a => a.Parameter).OfType<IParameterSymbol>().Any(p =>
            p.ContainingSymbol.DeclaringSyntaxReferences.IsEmpty
            && HandWritten.Types.Name(p.Type) is "TorchSharp.torch.Generator" or "System.Random");

    /// <summary>An attention that leaves entries out by chance.</summary>
    private static bool DropsOut(IInvocationOperation call) =>
        IsTorch(call.TargetMethod) && call.TargetMethod.Name == "scaled_dot_product_attention"
        && call.Arguments.Any(a => a is { Parameter.Name: "p" or "dropout_p" }
            && !(a.Value.ConstantValue is { HasValue: true, Value: { } p } && Operations.AsDouble(p) == 0));

    /// <summary>Fractions and dates as text, where no culture is named; messages of exceptions may be so.</summary>
    private static bool IsOfCulture(IInvocationOperation call) =>
        call.TargetMethod is { Name: "ToString" or "Parse" or "TryParse", ContainingType: { } type }
        && (type.SpecialType is SpecialType.System_Double or SpecialType.System_Single or SpecialType.System_Decimal
                or SpecialType.System_DateTime || type.ToDisplayString() is "System.Half" or "System.DateTimeOffset")
        && !call.Arguments.Any(a => HandWritten.Types.Name(a.Parameter!.Type) is "System.IFormatProvider"
            && a.Value.ConstantValue is not { HasValue: true, Value: null })
        && !Above(call).Any(o => o is IThrowOperation);

    private static IEnumerable<IOperation> Above(IOperation op)
    {
        for (var at = op.Parent; at is not null; at = at.Parent)
        {
            yield return at;
        }
    }

    /// <summary>Whether a member of torch tells what is not the tensor's value.</summary>
    private static bool IsOfMemory(ISymbol member) =>
        member.Name is "is_grad_enabled" or "is_inference_mode_enabled" or "requires_grad" or "is_leaf" or "grad"
            or "is_contiguous" or "stride" or "storage_offset" or "storage" or "Handle" or "GetHashCode" or "is_pinned"
            or "TotalCount" or "PeakCount" or "IsInvalid";

    private static bool IsWeighted(string layer) => Weighted.Any(w => layer.StartsWith(w, StringComparison.Ordinal));

    private static bool ChangesState(ISymbol member) =>
        member.Name is "manual_seed" or "initial_seed" or "no_grad" or "enable_grad" or "inference_mode"
            or "get_num_threads" or "get_num_interop_threads" or "get_default_dtype" or "get_default_device"
            or "seed" or "save" or "load" or "backward" or "print" or "zero_grad" or "train"
            or "eval" or "training" or "get_rng_state"
            or "RegisterComponents" or "add_module" or "load_state_dict"
        || member.Name.StartsWith("set_", StringComparison.Ordinal)
            && member is IMethodSymbol { MethodKind: MethodKind.Ordinary, Name: not "set_" }
        || member.Name.StartsWith("register_", StringComparison.Ordinal);

    private static string NotInPlace(IMethodSymbol method)
    {
        var plain = method.Name.TrimEnd('_');
        return method.Name == "Dispose" ? "leave it to who has made it"
            : plain == method.Name ? "leave 'inplace' out"
            : method.ContainingType.GetMembers(plain).OfType<IMethodSymbol>()
                .Any(m => m.DeclaredAccessibility == Accessibility.Public) ? $"use '{plain}', which gives a new tensor"
            : "compute a new tensor";
    }

    private static bool IsTorch(ISymbol member) =>
        member.ContainingAssembly?.Name == "TorchSharp" && member.ContainingNamespace.IsInside("TorchSharp");

    private static bool IsResult(IArgumentOperation argument) =>
        argument is { Parameter.Name: "out", ArgumentKind: ArgumentKind.Explicit } && !IsNull(argument.Value);

    private static bool IsFalse(IOperation op) => op.ConstantValue is { HasValue: true, Value: false };

    private static bool IsNull(IOperation op) => Operations.Unwrap(op).ConstantValue is { HasValue: true, Value: null };
}
