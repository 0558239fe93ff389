namespace Bijectors.Tests.Doctor;

/// <summary>
/// What we call of TorchSharp and does not calculate numbers, by the reason why there is no row for it.
/// </summary>
internal static class NotCalculating
{
    /// <summary>Whole types; a star stands for their members.</summary>
    private static readonly (string Reason, string Names)[] s_groups =
    [
        ("who owns tensors and how long they live", """
            DisposeScope.* DisposeScopeManager.* ThreadDisposeScopeStatistics.* NewDisposeScope Dispose
            DetachFromDisposeScope MoveToOuterDisposeScope get_Handle get_IsInvalid
            """),
        ("whether a graph is recorded, and gradients taken out of it: each row's gradients go through backward", """
            no_grad enable_grad set_grad_enabled is_grad_enabled get_requires_grad requires_grad_ get_grad set_grad
            get_is_leaf detach backward torch.autograd.backward torch.autograd.grad torch.autograd.AutogradContext.*
            """),
        ("shape, dtype, device and layout of a tensor", """
            get_shape size dim numel get_dtype get_device get_device_type stride storage_offset is_contiguous is_neg
            element_size get_ElementSize is_floating_point is_integral get_is_sparse get_default_dtype finfo
            torch.FInfo.* torch.Device.* torch.Size.* TensorExtensionMethods.ElementSize
            """),
        ("memory as it is: nothing is computed, and every check reads results through it", """
            get_bytes data item cpu alias set_ as_strided empty empty_like op_Implicit Scalar.*
            TensorExtensionMethods.ToDouble
            """),
        ("modules and their parameters",
            "torch.nn.Module.* torch.nn.Parameter Parameter.* ParameterList.* ModuleExtensionMethods.*"),
        ("the process: threads, versions, states of generators", """
            get_num_threads set_num_threads get___version__ get_rng_state set_rng_state torch.Generator.* torch.cuda.*
            """),
    ];

    private static readonly HashSet<string> s_names =
        [.. s_groups.SelectMany(group => group.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => s_names;

    /// <summary>Whether a name is in the list, by itself or with its type.</summary>
    public static bool Contains(string name) => s_names.Contains(name) || s_names.Contains($"{TypeOf(name)}.*");

    private static string TypeOf(string name) => name[..Math.Max(0, name.Replace("..ctor", ".ctor").LastIndexOf('.'))];
}
