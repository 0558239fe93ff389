using Bijectors.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Operations of ranks on tensors.</summary>
internal static class RankTensors
{
    // A span has at most this many bytes, a multiple of every number's.
    private const int MostBytes = 1 << 30;

    /// <summary>Puts the sum over all ranks in the place of each number.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="numbers">A dense vector of float32 or float64 on the processor.</param>
    public static void Sum(Communicator ranks, Tensor numbers)
    {
        var type = TypeOf(numbers);
        var most = MostBytes / numbers.element_size();
        for (long start = 0; start < numbers.numel(); start += most)
        {
            using var part = numbers.narrow(0, start, Math.Min(most, numbers.numel() - start));
            ranks.Sum(part.bytes, type);
        }
    }

    /// <summary>Gives the numbers of the first rank to all.</summary>
    public static void Broadcast(Communicator ranks, Tensor tensor)
    {
        using var ungraded = no_grad();
        using var plain = tensor.detach();
        using var dense = plain.cpu().contiguous();
        ranks.Broadcast(dense.bytes);
        if (!ranks.IsFirst)
        {
            plain.copy_(dense);
        }
    }

    /// <summary>Gives all that a module holds on the first rank to all, and stops what cannot be trained on
    /// several.</summary>
    public static void Start(Communicator ranks, nn.Module module, FlatParameters parameters)
    {
        TypeOf(parameters.Gradients);
        foreach (var (_, tensor) in module.state_dict())
        {
            Broadcast(ranks, tensor);
        }

        parameters.Changed();
    }

    /// <summary>Checks that all ranks have the same numbers, bit for bit.</summary>
    /// <exception cref="InvalidOperationException">This one has others than the first.</exception>
    public static void CheckSame(Communicator ranks, Tensor numbers, long step)
    {
        if (ranks.Size > 1 && Digest.Of(numbers) is var digest && ranks.Broadcast(digest) is var first
            && digest != first)
        {
            throw new InvalidOperationException(
                $"rank {ranks.Rank} of {ranks.Size}: expected the weights of the first rank behind step {step}, got "
                + "others; start all ranks on processors of one kind, with the same data and options.");
        }
    }

    /// <summary>Stops what cannot be summed over ranks.</summary>
    public static NumberType TypeOf(Tensor numbers) => (numbers.dtype, numbers.device_type) switch
    {
        (ScalarType.Float32, DeviceType.CPU) => NumberType.Float32,
        (ScalarType.Float64, DeviceType.CPU) => NumberType.Float64,
        var (dtype, device) => throw new ArgumentException(
            $"TrainingOptions.Ranks: expected parameters that are float32 or float64 on the CPU, got {dtype} on "
            + $"{device}; move or convert the module, or train it in one process."),
    };
}
