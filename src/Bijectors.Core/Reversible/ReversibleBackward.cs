using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The backward pass of a reversible one: from the last step to the first, the input of a step is its inverse of the
/// output, or was kept, and the step is run again from there with a graph of its own.
/// </summary>
/// <remarks>
/// What each step makes of its input is compared with what was found from the other side. Where they differ, digits
/// were lost: by a step that is steep, if its input was found by its inverse, and by flat ones behind it, if it was
/// kept, as that of the first step always is. Then everything is run again from the first input, with every input kept,
/// and the steps that lose digits are found and marked.
/// </remarks>
internal sealed class ReversibleBackward
{
    private readonly ReversiblePass _pass;
    private readonly Tensor _input;
    private readonly Tensor _output;
    private readonly Tensor? _context;
    private readonly Tensor? _gradient;
    private readonly Tensor? _logDetGradient;
    private readonly Tensor?[] _kept;

    public ReversibleBackward(ReversiblePass pass, List<Tensor> saved, Tensor? gradient, Tensor? logDetGradient)
    {
        _pass = pass;
        (_input, _output, _context) = (saved[0], saved[1], pass.HasContext ? saved[^1] : null);
        (_gradient, _logDetGradient) = (gradient, logDetGradient);
        _kept = new Tensor?[pass.Steps.Count];
        _kept[0] = _input;
        var next = 2;
        for (var i = 1; i < _kept.Length; i++)
        {
            _kept[i] = pass.IsKept[i] ? saved[next++] : null;
        }
    }

    /// <summary>The gradients of the input, of what is trained, and of the context.</summary>
    public List<Tensor?> Run()
    {
        using var gradients = new BorrowedGradients(_pass.AllTrained);
        var context = Context();
        Tensor? gradient = null;
        if (!TryWalk(_kept, context, ref gradient))
        {
            gradients.Clear();
            context = Context();
            var all = CheckpointSearch.Inputs(_pass, _input, _output, _context);
            CheckpointSearch.Mark(_pass, all, _output, _context);
            if (!TryWalk(all, context, ref gradient, isChecked: false))
            {
                throw new InvalidOperationException(
                    $"{nameof(ReversibleBackward)}: expected every step to run from its own input, got none.");
            }
        }

        List<Tensor?> found = [_input.requires_grad ? gradient : null, .. gradients.Take()];
        return context is null ? found : [.. found, context.requires_grad ? context.grad : null];
    }

    /// <summary>
    /// The same gradients as functions that can be differentiated again, for the memory of a plain run.
    /// </summary>
    /// <exception cref="InvalidOperationException">The input or the context was computed from something that takes
    /// gradients.</exception>
    public List<Tensor?> Differentiable()
    {
        // What they were computed from may share weights with the layers, whose gradients would then come twice.
        if (!_input.is_leaf || _context is { is_leaf: false })
        {
            throw new InvalidOperationException(
                $"{nameof(ReversibleBackward)}: expected an input without a graph of its own, got one with.");
        }

        var (point, logDet) = ReversibleChain.Suspended(() => _pass.Plain(_input, _context));
        List<Tensor?> arguments = [_input, .. _pass.AllTrained];
        if (_context is not null)
        {
            arguments.Add(_context);
        }

        var (outputs, incoming) = Outputs(point, logDet, _gradient);
        var wanted = arguments.Where(tensor => tensor!.requires_grad).ToList();
        var found = new Queue<Tensor>(outputs.Count == 0
            ? wanted.Select(tensor => zeros_like(tensor!))
            : BackwardPass.Run(() =>
                autograd.grad(outputs, wanted!, incoming, retain_graph: true, create_graph: true, allow_unused: true)));
        return [.. arguments.Select(
            tensor => tensor!.requires_grad && found.Dequeue() is { IsInvalid: false } one ? one : null)];
    }

    private Tensor? Context() => _context is null ? null : _context.detach().requires_grad_(_context.requires_grad);

    /// <summary>
    /// Collects gradients in what is trained and in the context; false where a point is not the one that it was.
    /// </summary>
    private bool TryWalk(IReadOnlyList<Tensor?> kept, Tensor? context, ref Tensor? gradient, bool isChecked = true)
    {
        var point = _output;
        gradient = _gradient;
        for (var i = _pass.Steps.Count - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            if ((kept[i] ?? Undone(i, point)) is not { } input)
            {
                return false;
            }

            var leaf = input.detach().requires_grad_(Needs(i));
            Tensor made;
            using (enable_grad())
            {
                (made, var logDet) = _pass.Map(i, leaf, context);
                Collect(i, made, logDet, leaf, context, gradient);
            }

            if (isChecked && !Reconstruction.IsClose(made, point))
            {
                return false;
            }

            if (leaf.requires_grad)
            {
                var before = gradient;
                gradient = (leaf.grad ?? zeros_like(leaf)).MoveToOuterDisposeScope();
                if (!ReferenceEquals(before, _gradient))
                {
                    before?.Dispose();
                }
            }

            if (i < _pass.Steps.Count - 1 && kept[i + 1] is null)
            {
                point.Dispose();
            }

            point = kept[i] is null ? input.MoveToOuterDisposeScope() : input;
        }

        return true;
    }

    /// <summary>Null where there is no inverse that could be computed.</summary>
    private Tensor? Undone(int step, Tensor point)
    {
        try
        {
            return _pass.Steps[step].Undo(point, _context);
        }
        catch (Exception)
        {
            // Its own input will tell; the search for the cause meets the exception again and keeps its message.
            return null;
        }
    }

    /// <summary>Whether anything before a step takes gradients.</summary>
    private bool Needs(int step) =>
        _input.requires_grad || (step > 0
            && (_context?.requires_grad == true || _pass.Trained.Take(step).Any(tensors => tensors.Length > 0)));

    private void Collect(int step, Tensor made, Tensor? logDet, Tensor leaf, Tensor? context, Tensor? gradient)
    {
        var (outputs, incoming) = Outputs(made, logDet, gradient);
        List<Tensor> inputs =
            [.. _pass.Trained[step], .. new[] { leaf, context }.OfType<Tensor>().Where(tensor => tensor.requires_grad)];
        if (outputs.Count > 0 && inputs.Count > 0)
        {
            using var leaving = no_grad();
            BackwardPass.Run(() => autograd.backward(outputs, incoming, inputs: inputs));
        }
    }

    /// <summary>
    /// What came out with a graph and its gradients. The log-det of a step may have fewer dimensions than the whole.
    /// </summary>
    private (List<Tensor> Outputs, List<Tensor> Gradients) Outputs(Tensor point, Tensor? logDet, Tensor? gradient)
    {
        var (outputs, gradients) = (new List<Tensor>(), new List<Tensor>());
        if (gradient is not null && point.requires_grad)
        {
            outputs.Add(point);
            gradients.Add(gradient);
        }

        if (_logDetGradient is not null && logDet?.requires_grad == true)
        {
            outputs.Add(logDet.expand(_logDetGradient.shape));
            gradients.Add(_logDetGradient);
        }

        return (outputs, gradients);
    }
}
