using System.Collections;
using System.Reflection;
using TorchSharp.Modules;

namespace Bijectors.Testing;

/// <summary>
/// While it lives, the fields of a module and of all modules inside it hold float64 copies of their tensors; afterwards
/// they hold the very tensors they held before.
/// </summary>
/// <remarks>TorchSharp has no copy of a module, and <c>.to(float64)</c> makes new parameters and disposes the old ones,
/// which an optimizer may hold.</remarks>
internal sealed class Widened : IDisposable
{
    private readonly List<Action> _undo = [];
    private readonly Dictionary<Tensor, Tensor> _copies = new(ReferenceEqualityComparer.Instance);

    /// <summary>Widens a module.</summary>
    /// <exception cref="NotSupportedException">A parameter or a buffer stands in no field, so that the module cannot be
    /// widened; it is as it was.</exception>
    public Widened(nn.Module module)
    {
        try
        {
            foreach (var one in module.modules().Append(module).Distinct())
            {
                Widen(one);
            }

            if (module.parameters().Concat(module.buffers())
                .Any(tensor => IsNarrow(tensor) && !_copies.ContainsKey(tensor)))
            {
                throw new NotSupportedException("A parameter or a buffer stands in no field of its module.");
            }

            foreach (var one in module.modules().Append(module).Distinct())
            {
                Register(one);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var restore in Enumerable.Reverse(_undo))
        {
            restore();
        }

        _undo.Clear();
        foreach (var copy in _copies.Values)
        {
            copy.Dispose();
        }

        _copies.Clear();
    }

    private static bool IsNarrow(Tensor tensor) => tensor.is_floating_point() && tensor.dtype != ScalarType.Float64;

    private void Widen(nn.Module module)
    {
        for (var type = module.GetType(); type is not null && type != typeof(nn.Module); type = type.BaseType)
        {
            foreach (var field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                switch (field.GetValue(module))
                {
                    case Tensor tensor when IsNarrow(tensor):
                        field.SetValue(module, Copy(tensor));
                        _undo.Add(() => field.SetValue(module, tensor));
                        break;
                    case IList list and not nn.Module when field.FieldType != typeof(object):
                        Widen(list);
                        break;
                }
            }
        }
    }

    /// <summary>
    /// Registers the copies in place of the tensors, so that a module says of itself what it calculates with.
    /// </summary>
    private void Register(nn.Module module)
    {
        Replace<Parameter>("_internal_params", (parameter, copy) => (Parameter)copy, parameter => parameter);
        Replace<(Tensor Buffer, bool IsSaved)>(
            "_internal_buffers", (row, copy) => (copy, row.IsSaved), row => row.Buffer);

        void Replace<T>(string field, Func<T, Tensor, T> with, Func<T, Tensor> tensor)
        {
            const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;
            var rows = (TorchSharp.Utils.OrderedDict<string, T>)typeof(nn.Module)
                .GetField(field, Inner)!.GetValue(module)!;
            foreach (var (name, row) in ((IEnumerable<(string, T)>)rows).ToList())
            {
                if (_copies.TryGetValue(tensor(row), out var copy))
                {
                    rows[name] = with(row, copy);
                    _undo.Add(() => rows[name] = row);
                }
            }
        }
    }

    private void Widen(IList list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is Tensor tensor && IsNarrow(tensor))
            {
                var place = i;
                list[place] = Copy(tensor);
                _undo.Add(() => list[place] = tensor);
            }
        }
    }

    /// <summary>One copy of a tensor, however many fields hold it.</summary>
    private Tensor Copy(Tensor tensor)
    {
        if (!_copies.TryGetValue(tensor, out var copy))
        {
            using var ungraded = no_grad();
            copy = tensor.to(ScalarType.Float64);
            if (tensor is Parameter)
            {
                using var plain = copy;
                copy = new Parameter(plain, requires_grad: false);
            }

            copy.DetachFromDisposeScope();
            _copies.Add(tensor, copy);
        }

        return copy;
    }
}
