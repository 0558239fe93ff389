using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>What one part of a run puts into a checkpoint, and takes out of it: tensors, numbers and texts by
/// name.</summary>
public sealed class CheckpointState
{
    private readonly string _file;
    private readonly string _prefix;
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly Dictionary<string, string> _texts;

    internal CheckpointState(
        string file, Dictionary<string, Tensor> tensors, Dictionary<string, string> texts, string prefix = "")
    {
        (_file, _prefix) = (file, prefix);
        (_tensors, _texts) = (tensors, texts);
    }

    /// <summary>The names of one part of a part.</summary>
    /// <param name="name">What the part is called.</param>
    public CheckpointState Of(string name) => new(_file, _tensors, _texts, $"{_prefix}{name}.");

    /// <summary>Puts a part in under a name.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="part">The part; null for none, which puts nothing in.</param>
    public void Put(string name, ICheckpointed? part) => part?.Save(Of(name));

    /// <summary>Puts a tensor in; it stays the caller's and must live until the checkpoint is written.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="tensor">The tensor.</param>
    public void Put(string name, Tensor tensor) => _tensors.Add(_prefix + name, tensor);

    /// <summary>Puts the state of a generator in.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="generator">The generator.</param>
    public void Put(string name, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        Put(name, generator.get_state());
    }

    /// <summary>Puts parameters and buffers of a module in.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="module">The module.</param>
    public void Put(string name, nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var (key, tensor) in module.state_dict())
        {
            Put($"{name}.{key}", tensor);
        }
    }

    /// <summary>Puts a whole number in.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="number">The number.</param>
    public void Put(string name, long number) => Put(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Puts a number in, with all its digits.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="number">The number, NaN and infinity too.</param>
    public void Put(string name, double number) => Put(name, number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Puts a text in.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="text">The text.</param>
    public void Put(string name, string text) => _texts.Add(_prefix + name, text);

    /// <summary>Loads a part that was put in under a name.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="part">The part; null for none.</param>
    /// <exception cref="CheckpointException">Something is missing, or does not fit.</exception>
    public void Restore(string name, ICheckpointed? part) => part?.Load(Of(name));

    /// <summary>Copies a tensor back.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="tensor">What takes the numbers, of the same shape and dtype.</param>
    /// <exception cref="CheckpointException">It is missing, or of another shape or dtype.</exception>
    public void Restore(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var saved = Saved(name);
        if (saved.dtype != tensor.dtype || !saved.shape.AsSpan().SequenceEqual(tensor.shape))
        {
            throw new CheckpointException(
                $"{_file}: expected {_prefix}{name} to be {tensor.dtype} ({string.Join(", ", tensor.shape)}), "
                + $"got {saved.dtype} ({string.Join(", ", saved.shape)}); it belongs to another run.");
        }

        using var ungraded = no_grad();
        tensor.copy_(saved);
    }

    /// <summary>Puts a generator back to where it was.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="generator">A generator on the same kind of device.</param>
    /// <exception cref="CheckpointException">It is missing, or of another kind.</exception>
    public void Restore(string name, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        using var now = generator.get_state();
        Restore(name, now);

        // Torch ends the process where a state is of another size; this one is now's.
        generator.set_state(now);
    }

    /// <summary>Copies parameters and buffers of a module back.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="module">The module.</param>
    /// <exception cref="CheckpointException">One is missing, or does not fit.</exception>
    public void Restore(string name, nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (var (key, tensor) in module.state_dict())
        {
            Restore($"{name}.{key}", tensor);
        }
    }

    /// <summary>Whether a text or a number was put in.</summary>
    /// <param name="name">What it is called.</param>
    public bool Has(string name) => _texts.ContainsKey(_prefix + name);

    /// <summary>A whole number that was put in.</summary>
    /// <param name="name">What it is called.</param>
    /// <exception cref="CheckpointException">It is missing, or no whole number.</exception>
    public long Whole(string name) => Read(name, text => long.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>A number that was put in.</summary>
    /// <param name="name">What it is called.</param>
    /// <exception cref="CheckpointException">It is missing, or no number.</exception>
    public double Real(string name) => Read(name, text => double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>A text that was put in.</summary>
    /// <param name="name">What it is called.</param>
    /// <exception cref="CheckpointException">It is missing.</exception>
    public string Text(string name) => Read(name, text => text);

    private Tensor Saved(string name) =>
        _tensors.TryGetValue(_prefix + name, out var tensor) ? tensor : throw Missing(name);

    private T Read<T>(string name, Func<string, T> parse)
    {
        try
        {
            return parse(_texts.TryGetValue(_prefix + name, out var text) ? text : throw Missing(name));
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new CheckpointException(
                $"{_file}: expected a number as {_prefix}{name}, got '{_texts[_prefix + name]}'; begin the run again.",
                exception);
        }
    }

    private CheckpointException Missing(string name) => new(
        $"{_file}: expected {_prefix}{name}, found none; it was written by another version or by another program, "
        + "begin the run again.");
}
