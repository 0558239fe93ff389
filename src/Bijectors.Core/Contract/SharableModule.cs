using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A module that may be part of several others where it holds neither parameters nor buffers, as a permutation
/// is part of a flow and of its frozen copy. Disposing such a module does nothing; disposing another one
/// disposes what it holds.
/// </summary>
public abstract class SharableModule : nn.Module
{
    private protected SharableModule(string name)
        : base(name)
    {
    }

    /// <summary>Whether what it held is disposed.</summary>
    private bool IsDisposed { get; set; }

    /// <summary>
    /// Registers parameters, buffers and modules in the fields. They live as long as the module: what was made inside a
    /// dispose scope leaves it.
    /// </summary>
    protected override void RegisterComponents()
    {
        base.RegisterComponents();
        foreach (var tensor in parameters(recurse: false).Concat(buffers(recurse: false)))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>Whether it holds neither parameters nor buffers, nor does a module inside it.</summary>
    internal static bool HoldsNothing(nn.Module module) => !module.parameters().Any() && !module.buffers().Any();

    /// <summary>Refuses to be used any more.</summary>
    /// <exception cref="ObjectDisposedException">Its parameters are disposed.</exception>
    internal void CheckNotDisposed()
    {
        if (IsDisposed)
        {
            throw new ObjectDisposedException(
                $"{GetType().Name}: expected one that is in use, got one that has been disposed; dispose it behind its "
                + "last call, or keep a copy (Frozen).", innerException: null);
        }
    }

    /// <summary>Stops where a tensor that is given has been disposed; torch would not say which.</summary>
    /// <param name="tensor">The tensor; null where none is given.</param>
    /// <param name="what">What it is: points, a context.</param>
    internal void CheckUsable(Tensor? tensor, string what)
    {
        if (tensor is { IsInvalid: true })
        {
            throw new ObjectDisposedException(
                $"{GetType().Name}: expected {what}, got a tensor that has been disposed; dispose it behind its last "
                + "use, and move what leaves a dispose scope out of it (MoveToOuterDisposeScope).",
                innerException: null);
        }
    }

    /// <summary>A module that needs no frozen copy, since it holds nothing that could change.</summary>
    /// <param name="module">The module.</param>
    /// <param name="override">What it overrides where it is not so.</param>
    /// <exception cref="InvalidOperationException">It holds parameters or buffers.</exception>
    private protected static T Stateless<T>(T module, string @override)
        where T : SharableModule => HoldsNothing(module)
            ? module
            : throw new InvalidOperationException(
                $"Frozen: expected {module.GetType().Name} to say how it is copied, since it holds parameters or "
                + $"buffers; override {@override} and return a new one of frozen parts.");

    /// <summary>Disposes parameters, buffers and the modules inside; nothing where there are none.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || HoldsNothing(this))
        {
            return;
        }

        // One by one: torch would go through all modules inside each, and into those that hold nothing.
        foreach (var child in children().ToList())
        {
            Free(child);
        }

        IsDisposed = true;
        ClearModules();
        base.Dispose(true);
    }

    /// <summary>Disposes what a module of torch holds, as a list of layers, which would not ask them either.</summary>
    private static void Free(nn.Module module)
    {
        var children = module is SharableModule ? [] : module.children().ToList();
        if (children.Count == 0)
        {
            module.Dispose();
            return;
        }

        children.ForEach(Free);
        foreach (var tensor in module.parameters(recurse: false).Concat(module.buffers(recurse: false)))
        {
            tensor.DetachFromDisposeScope().Dispose();
        }
    }
}
