using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>One statement that is true of every bijector, and the check of it.</summary>
/// <remarks>To state a law of your own, derive from this class and pass an instance your <see cref="LawCase"/>.</remarks>
public abstract class Law
{
    /// <summary>The name, one word: that of the type.</summary>
    public string Name => GetType().Name;

    /// <summary>What is true, in a line.</summary>
    public abstract string Statement { get; }

    /// <summary>What is usually wrong where it is not true.</summary>
    public abstract string UsualCause { get; }

    /// <summary>The dtypes in which it is checked.</summary>
    public virtual IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    /// <summary>Checks the law in every one of its <see cref="DTypes"/>.</summary>
    /// <param name="subject">The bijector to check, and on what.</param>
    /// <exception cref="LawViolationException">The law does not hold, or the bijector threw.</exception>
    public void Check(LawCase subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        foreach (var dtype in DTypes)
        {
            using var scope = NewDisposeScope();
            using var trial = new Trial(subject, dtype);
            try
            {
                Check(trial);
            }
            catch (Exception e) when (e is not LawViolationException)
            {
                // libtorch appends its native stack to the sentence that helps.
                var sentence = e.Message.Split('\n')[0];
                var mismatch = new Mismatch("it threw", "an answer", $"{e.GetType().Name}: {sentence}");
                throw new LawViolationException(this, trial, mismatch, null, e);
            }
        }
    }

    /// <summary>Checks the law in one dtype. Tensors made here are disposed afterwards.</summary>
    /// <param name="trial">The bijector at hand.</param>
    /// <exception cref="LawViolationException">The law does not hold; <see cref="Trial.Violation"/> makes one.</exception>
    protected abstract void Check(Trial trial);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
