using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What the tensors of a saved model hold, beyond dtype and shape.</summary>
internal static class SavedState
{
    // The fields of layers that move entries, and of PluLinear.
    private const string Order = "order";
    private const string InverseOrder = "inverseOrder";
    private const string Sign = "sign";

    /// <summary>Stops where a flow with these tensors would be no bijector or no density.</summary>
    /// <exception cref="SavedModelException">
    /// A number is NaN or infinite, an order is no permutation or its inverse another one, a sign is neither 1 nor -1.
    /// </exception>
    public static void Check(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var (name, tensor) in tensors)
        {
            var field = name[(name.LastIndexOf('.') + 1)..];
            if (tensor.is_floating_point() && !IsFinite(tensor))
            {
                throw Wrong(path, name, "finite numbers", "NaN or infinity");
            }

            if (field == Sign && !Holds(tensor, values => values.abs().eq(1)))
            {
                throw Wrong(path, name, "signs, 1 or -1", "others");
            }

            if (field == Order && tensors.TryGetValue(name[..^Order.Length] + InverseOrder, out var inverse))
            {
                CheckOrder(path, name, tensor, inverse);
            }
        }
    }

    /// <summary>
    /// Takes a flow that was just made to the dtype of the tensors and fills it; where that cannot be, the
    /// flow is disposed.
    /// </summary>
    /// <returns>The flow.</returns>
    /// <inheritdoc cref="Fill"/>
    public static Flow Filled(string path, Flow flow, IReadOnlyDictionary<string, Tensor> tensors)
    {
        try
        {
            if (tensors.Values.FirstOrDefault(tensor => tensor.is_floating_point())
                is { dtype: not ScalarType.Float32 } other)
            {
                flow.to(other.dtype);
            }

            Fill(path, flow, tensors);
            return flow;
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    /// <summary>The tensors of a state, each under its first name: a module that is used twice has two for each of its
    /// own.</summary>
    public static Dictionary<string, Tensor> Once(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var seen = new HashSet<IntPtr>();
        return state.Where(row => seen.Add(row.Value.Handle)).ToDictionary();
    }

    /// <summary>Fills parameters and buffers, after a check of what they hold.</summary>
    /// <exception cref="SavedModelException">A tensor is missing, is one too many, or has another dtype or
    /// shape.</exception>
    private static void Fill(string path, Flow flow, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var state = flow.state_dict();
        if (tensors.Keys.Except(state.Keys).FirstOrDefault() is { } extra)
        {
            throw new SavedModelException(
                $"{path}: expected only tensors of the model, got {extra} besides; it was saved by another version.");
        }

        Check(path, tensors);
        using var ungraded = no_grad();
        var once = Once(state);
        foreach (var (name, live) in state)
        {
            // Files of earlier versions have all names of a tensor.
            if (!once.ContainsKey(name) && !tensors.ContainsKey(name))
            {
                continue;
            }

            if (!tensors.TryGetValue(name, out var saved))
            {
                throw new SavedModelException(
                    $"{path}: expected the tensor {name}, found none; it was saved by another version.");
            }

            if (saved.dtype != live.dtype || !saved.shape.AsSpan().SequenceEqual(live.shape))
            {
                throw new SavedModelException(
                    $"{path}: expected {name} to be {live.dtype} ({string.Join(", ", live.shape)}), "
                    + $"got {saved.dtype} ({string.Join(", ", saved.shape)}).");
            }

            live.copy_(saved);
        }
    }

    private static void CheckOrder(string path, string name, Tensor order, Tensor inverse)
    {
        var (places, back) = (Numbers(order), Numbers(inverse));
        for (var i = 0; i < places.Length; i++)
        {
            // Where each entry is found again, none is missing and none is there twice.
            if (places[i] < 0 || places[i] >= back.Length || back[places[i]] != i || places.Length != back.Length)
            {
                var expected = $"a permutation of 0 to {places.Length - 1} and its inverse";
                throw Wrong(path, name, expected, $"{places[i]} at place {i}");
            }
        }
    }

    private static long[] Numbers(Tensor order)
    {
        using var here = order.cpu();
        return here.dtype == ScalarType.Int64 ? here.data<long>().ToArray() : [];
    }

    /// <summary>Whether all numbers are finite.</summary>
    public static bool IsFinite(Tensor tensor) => Holds(tensor, values => values.isfinite());

    private static bool Holds(Tensor tensor, Func<Tensor, Tensor> what)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 || what(tensor).all().item<bool>();
    }

    private static SavedModelException Wrong(string path, string name, string expected, string got) => new(
        $"{path}: expected {name} to hold {expected}, got {got}; "
        + "the weights are damaged, train or save the model again.");
}
